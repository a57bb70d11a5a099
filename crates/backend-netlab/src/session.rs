//! One live connection to a server with netlab's API, and what is remembered of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use backend_api::{BackendError, Cx, Exec, Labs, Logs, Session};
use model::{LabFeatures, ServerInfo, TimestampMs, TopologyGraph};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::api::Api;
use crate::descriptor::Settings;
use crate::files::Files;
use crate::folder::Manifest;
use crate::redact::Redactor;
use crate::status::{Instance, Node};
use crate::turn::Turns;

/// A session. Dropping it ends its consoles and logs.
pub(crate) struct NetlabSession {
    pub(crate) name: String,
    pub(crate) api: Api,
    pub(crate) settings: Settings,
    pub(crate) features: LabFeatures,
    /// Whether the API tells states as data and knows of nodes.
    pub(crate) is_structured: bool,
    /// Whether the API asks nobody who they are.
    is_open: bool,
    pub(crate) files: Files,
    pub(crate) turns: Arc<Turns>,
    pub(crate) redactor: Redactor,
    known: Mutex<Known>,
    pub(crate) closing: CancellationToken,
    _closes: DropGuard,
}

/// What the API told of itself when the session began.
pub(crate) struct Told {
    pub(crate) features: LabFeatures,
    pub(crate) is_structured: bool,
    pub(crate) is_open: bool,
}

/// What was last seen.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) instances: Vec<Instance>,
    /// By folder.
    pub(crate) nodes: HashMap<String, KnownNodes>,
    /// By folder, with size and time of the file.
    pub(crate) manifests: HashMap<String, ((u64, Option<u32>), Manifest)>,
    pub(crate) graphs: HashMap<String, ((u64, Option<u32>), TopologyGraph)>,
    /// Which version the server's own program says that it is.
    pub(crate) product: Option<String>,
}

/// The nodes of a lab when it was last asked about.
#[derive(Debug, Clone)]
pub(crate) struct KnownNodes {
    pub(crate) nodes: Vec<Node>,
    pub(crate) seen_at: TimestampMs,
    /// When the lab had last changed then.
    pub(crate) of: Option<TimestampMs>,
}

impl NetlabSession {
    pub(crate) fn new(
        name: String,
        api: Api,
        settings: Settings,
        Told { features, is_structured, is_open }: Told,
        files: Files,
        turns: Arc<Turns>,
        redactor: Redactor,
    ) -> Self {
        let closing = CancellationToken::new();
        Self {
            name,
            api,
            settings,
            features,
            is_structured,
            is_open,
            files,
            turns,
            redactor,
            known: Mutex::default(),
            closing: closing.clone(),
            _closes: closing.drop_guard(),
        }
    }

    pub(crate) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The absolute path of the folder that labs have their folders in.
    pub(crate) async fn work_root(&self, cx: &Cx) -> Result<String, BackendError> {
        self.files.absolute(&self.settings.work_root, cx).await
    }

    /// What netlab's own program on the SSH host says that it is, asked once.
    async fn product(&self, cx: &Cx) -> String {
        let known = self.known().product.clone();
        if let Some(product) = known {
            return product;
        }
        let asked = cx.until_cancelled(cx.exec.run(&["netlab", "version"])).await;
        let product = match asked {
            Ok(output) if output.exit_code == Some(0) => version(&output.stdout),
            _ => None,
        };
        let product = product.unwrap_or_else(|| self.features.dialect.clone());
        self.known().product = Some(product.clone());
        product
    }
}

/// "netlab 26.10" out of what `netlab version` prints.
fn version(printed: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(printed);
    let is_version =
        |word: &&str| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit());
    let number = text.split_whitespace().find(is_version)?;
    Some(format!("netlab {}", number.chars().take(20).collect::<String>()))
}

#[async_trait]
impl Session for NetlabSession {
    async fn server(&self, cx: &Cx) -> Result<ServerInfo, BackendError> {
        let remark = self.is_open.then_some("answers without a password");
        Ok(ServerInfo {
            product: self.product(cx).await,
            remark: remark.map(str::to_owned),
            ..ServerInfo::default()
        })
    }

    async fn ping(&self, cx: &Cx) -> Result<(), BackendError> {
        self.api.health(cx).await
    }

    fn exec(&self) -> Option<&dyn Exec> {
        Some(self)
    }

    fn logs(&self) -> Option<&dyn Logs> {
        Some(self)
    }

    fn labs(&self) -> Option<&dyn Labs> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn the_version_is_found_in_what_is_printed() {
        let printed = b"netlab version 26.10\n\n";
        assert_eq!(version(printed).as_deref(), Some("netlab 26.10"));
        assert_eq!(version(b"command not found"), None);
    }
}
