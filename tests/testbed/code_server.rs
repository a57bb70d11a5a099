//! What a person does with code-server's page, as far as it goes without running its scripts.
//!
//! Owns: logging in, and the first words on the editor's WebSocket. Deliberately not here: how the page
//! is reached.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use crate::browser::{Browser, Page};

const DEADLINE: Duration = Duration::from_secs(20);

/// Logs in on the page that asks for the password, and returns the editor's page.
///
/// # Errors
/// When this is not the log-in page, or the password is refused.
pub async fn log_in(browser: &mut Browser, login: &Page, password: &str) -> Result<Page> {
    ensure!(login.status.is_success(), "the log-in page answers {}", login.status);
    ensure!(
        login.body.contains("code-server") && login.body.contains("name=\"password\""),
        "this is not code-server's log-in page: {}",
        start_of(&login.body)
    );
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("password", password)
        .finish();
    let page = browser.post_form(&login.path, &form).await?;
    ensure!(
        page.status.is_success() && page.body.contains("vscode-workbench-web-configuration"),
        "no editor after logging in: {} at {}",
        page.status,
        page.path
    );
    Ok(page)
}

/// Opens the editor's WebSocket and exchanges the first words of its protocol, both ways.
///
/// # Errors
/// When the socket is refused, or the answer is not the editor's.
pub async fn greet(browser: &Browser, editor: &Page) -> Result<()> {
    let base = commit_path(&editor.body).context("the editor's page names no server path")?;
    let path = format!(
        "{base}?reconnectionToken=00000000-0000-4000-8000-000000000000&reconnection=false\
         &skipWebSocketFrames=false"
    );
    let mut socket = browser.web_socket(&path).await?;
    let words = br#"{"type":"auth","auth":"00000000000000000000","data":"moorline"}"#;
    socket.send(Message::Binary(control_message(words)?.into())).await?;
    let answer = async {
        while let Some(message) = socket.next().await {
            let data = message?.into_data();
            if String::from_utf8_lossy(&data).contains(r#""type":"sign""#) {
                return Ok(());
            }
        }
        anyhow::bail!("the WebSocket closed before the editor answered")
    };
    tokio::time::timeout(DEADLINE, answer)
        .await
        .context("the editor does not answer on its WebSocket")??;
    socket.close(None).await.context("the WebSocket does not close")
}

/// The editor's framing: kind 2 (control), message id, acknowledged id, length, words.
fn control_message(words: &[u8]) -> Result<Vec<u8>> {
    let mut message = vec![2];
    message.extend(0_u32.to_be_bytes());
    message.extend(0_u32.to_be_bytes());
    message.extend(u32::try_from(words.len())?.to_be_bytes());
    message.extend(words);
    Ok(message)
}

/// "/stable-<commit>": the server's own files and its WebSocket lie under this path.
fn commit_path(page: &str) -> Option<String> {
    let (before, _) = page.split_once("/static/")?;
    let name = before.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next()?;
    name.contains('-').then(|| format!("/{name}"))
}

fn start_of(text: &str) -> String {
    text.chars().take(200).collect()
}
