//! A terminal, typed into and read as a person would.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::headless::Headless;

const SOON: Duration = Duration::from_secs(30);

/// A terminal in a workspace, or a console of a lab's node.
pub(crate) struct Shell<'a> {
    moorline: &'a Headless,
    id: Value,
    stream: u32,
}

impl<'a> Shell<'a> {
    pub(crate) async fn open(moorline: &'a Headless, workspace: &Value) -> Result<Self> {
        let args = json!({
            "workspace": workspace, "size": {"columns": 120, "rows": 40},
        });
        let id = moorline.call("terminal_open", args).await?["id"].clone();
        let stream = moorline.new_stream();
        moorline.call("terminal_attach", json!({"terminal_id": id, "stream": stream})).await?;
        Ok(Self { moorline, id, stream })
    }

    pub(crate) async fn type_line(&self, line: &str) -> Result<()> {
        use base64::{Engine, prelude::BASE64_STANDARD};
        let data = BASE64_STANDARD.encode(format!("{line}\r"));
        let args = json!({"terminal_id": self.id, "data": data});
        self.moorline.call("terminal_write", args).await.map(drop)
    }

    pub(crate) async fn resize(&self, columns: u16, rows: u16) -> Result<()> {
        let size = json!({"columns": columns, "rows": rows});
        let args = json!({"terminal_id": self.id, "size": size});
        self.moorline.call("terminal_resize", args).await.map(drop)
    }

    pub(crate) async fn read_until(&self, wanted: &str) -> Result<String> {
        self.moorline.read_until(self.stream, wanted, SOON).await
    }

    /// How the shell ended, once it has.
    pub(crate) async fn ended(&self) -> Result<Value> {
        self.moorline
            .until("the shell to end", SOON, async || {
                let all = self.moorline.call("terminals_list", json!({})).await?;
                let all = all.as_array().context("a list of terminals")?;
                let ours = all.iter().find(|terminal| terminal["id"] == self.id);
                let ended = &ours.context("the terminal is gone")?["ended"];
                Ok((!ended.is_null()).then(|| ended.clone()))
            })
            .await
    }
}
