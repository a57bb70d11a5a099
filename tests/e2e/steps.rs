//! What a person does in the window, in words.

use anyhow::Result;
use serde_json::json;
use tests::session::Session;

/// The field below a label that begins with these words.
pub(super) fn field(label: &str) -> String {
    format!("//label[starts-with(normalize-space(.), '{label}')]/following::input[1]")
}

/// A button by its words; the shortcut some show after them does not count.
pub(super) fn button(words: &str) -> String {
    format!("//button[normalize-space(.)='{words}' or (.//kbd and starts-with(., '{words}'))]")
}

/// Anything that shows these words.
pub(super) fn words(words: &str) -> String {
    format!("//*[not(self::script) and text()[contains(., '{words}')]]")
}

/// Types a line into the terminal that is shown.
pub(super) async fn type_line(window: &Session, line: &str) -> Result<()> {
    window.keys(".xterm-helper-textarea", &format!("{line}\u{e007}")).await
}

/// Waits until the terminal shows these words.
pub(super) async fn terminal_says(window: &Session, words: &str) -> Result<()> {
    let script = format!(
        "const rows = document.querySelector('.xterm-rows'); return !!rows && rows.innerText.replaceAll('\\u00a0', ' ').includes({})",
        json!(words)
    );
    window.until(&script).await.map(drop)
}

/// The terminal's text as a person reads it.
pub(super) async fn terminal_text(window: &Session) -> Result<String> {
    let text = window.run("return document.querySelector('.xterm-rows').innerText", &[]).await?;
    Ok(text.as_str().unwrap_or_default().replace('\u{a0}', " "))
}
