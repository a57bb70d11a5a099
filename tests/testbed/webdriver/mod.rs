//! A WebDriver client over plain HTTP: enough words of the protocol to use a page as a person does.
//!
//! Owns: one session, and for a plain browser the driver process and its profile (`start.rs`). Deliberately
//! not here: what is clicked, and starting the real app's driver (that is `desktop`).

mod start;
mod wire;

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::Started;
use wire::send;

const LOOK_AGAIN: Duration = Duration::from_millis(100);
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys that have no letter, as the protocol names them.
pub mod key {
    pub const CONTROL: char = '\u{e009}';
    pub const SHIFT: char = '\u{e008}';
    pub const ENTER: char = '\u{e007}';
    pub const ESCAPE: char = '\u{e00c}';
    pub const TAB: char = '\u{e004}';
    pub const END: char = '\u{e010}';
    pub const F1: char = '\u{e031}';
}

/// One browser window under control. Dropping it ends the browser it started.
#[derive(Debug)]
pub struct WebDriver {
    port: u16,
    session: String,
    browser: Option<(Started, TempDir)>,
}

/// Something on a page.
#[derive(Debug, Clone)]
pub struct Element(String);

impl WebDriver {
    /// Opens a session at a driver that runs already.
    ///
    /// # Errors
    /// When the driver refuses these capabilities; its own words are in the error.
    pub async fn attach(port: u16, capabilities: Value) -> Result<Self> {
        let wanted = json!({"capabilities": {"alwaysMatch": capabilities}});
        let reply = send(port, Method::POST, "/session", Some(&wanted)).await?;
        let session = reply["sessionId"].as_str().context("the driver gave no session")?.to_owned();
        Ok(Self { port, session, browser: None })
    }

    /// Goes to an address and waits until it is loaded.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub async fn go(&self, url: &str) -> Result<()> {
        self.post("/url", json!({"url": url})).await.map(drop)
    }

    /// The address the window shows.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn url(&self) -> Result<String> {
        text(&self.get("/url").await?)
    }

    /// The window's title.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn title(&self) -> Result<String> {
        text(&self.get("/title").await?)
    }

    /// The first element that a CSS selector means now.
    ///
    /// # Errors
    /// When there is none.
    pub async fn find(&self, css: &str) -> Result<Element> {
        let found = self.post("/element", json!({"using": "css selector", "value": css})).await?;
        element(&found)
    }

    /// All elements that a selector means now: XPath when it begins with a slash, CSS otherwise.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn find_all(&self, selector: &str) -> Result<Vec<Element>> {
        let using = if selector.starts_with('/') { "xpath" } else { "css selector" };
        let found = self.post("/elements", json!({"using": using, "value": selector})).await?;
        found.as_array().context("no list of elements")?.iter().map(element).collect()
    }

    /// Waits until a CSS selector means something.
    ///
    /// # Errors
    /// When the deadline passes.
    pub async fn wait_for(&self, css: &str, deadline: Duration) -> Result<Element> {
        self.until(css, deadline, async || Ok(self.find_all(css).await?.into_iter().next())).await
    }

    /// Looks with `check` until it finds what it wants. What goes wrong in between counts as not yet.
    ///
    /// # Errors
    /// When the deadline passes, with the last thing that went wrong.
    pub async fn until<T>(
        &self,
        what: &str,
        deadline: Duration,
        check: impl AsyncFn() -> Result<Option<T>>,
    ) -> Result<T> {
        let end = tokio::time::Instant::now() + deadline;
        loop {
            let wrong = match check().await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => String::new(),
                Err(error) => format!(": {error:#}"),
            };
            if tokio::time::Instant::now() > end {
                bail!("waited {deadline:?} in vain for {what}{wrong}");
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Clicks in the middle of an element.
    ///
    /// # Errors
    /// When it cannot be clicked, for example because something lies over it.
    pub async fn click(&self, element: &Element) -> Result<()> {
        self.post(&format!("/element/{}/click", element.0), json!({})).await.map(drop)
    }

    /// Whether an element takes clicks and keys now. A click on one that does not is lost without a word.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn is_enabled(&self, element: &Element) -> Result<bool> {
        let answer = self.get(&format!("/element/{}/enabled", element.0)).await?;
        answer.as_bool().context("neither enabled nor disabled")
    }

    /// Types into an element.
    ///
    /// # Errors
    /// When it takes no text.
    pub async fn type_into(&self, element: &Element, text: &str) -> Result<()> {
        self.post(&format!("/element/{}/value", element.0), json!({"text": text})).await.map(drop)
    }

    /// Replaces what a field holds in one go, as pasting does: key by key takes the driver seconds.
    ///
    /// # Errors
    /// When it takes no text.
    pub async fn replace(&self, element: &Element, text: &str) -> Result<()> {
        const SCRIPT: &str = "const [field, text] = arguments;
            field.scrollIntoView({ block: 'center' });
            field.focus();
            field.select();
            document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
            return field.value === text";
        let done = self.execute(SCRIPT, json!([{ELEMENT: element.0}, text])).await?;
        ensure!(done == true, "the field does not take {text:?}");
        Ok(())
    }

    /// All windows of the program, by handle.
    ///
    /// # Errors
    /// When the program is gone.
    pub async fn windows(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_value(self.get("/window/handles").await?)?)
    }

    /// Drives another window of the program from now on.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn switch_to(&self, handle: &str) -> Result<()> {
        self.post("/window", json!({"handle": handle})).await.map(drop)
    }

    /// Presses keys one after the other, wherever the focus is.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn keys(&self, keys: &str) -> Result<()> {
        let actions = keys.chars().flat_map(|key| [down(key), up(key)]);
        self.actions(actions.collect()).await
    }

    /// Holds keys down together, then lets go: `chord(&[key::CONTROL, 's'])`.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn chord(&self, keys: &[char]) -> Result<()> {
        let pressed = keys.iter().map(|key| down(*key));
        self.actions(pressed.chain(keys.iter().rev().map(|key| up(*key))).collect()).await
    }

    /// Runs the body of a function in the page and gives what it returns. A promise is waited for.
    /// Functions of the page itself are better started through `setTimeout`: drivers run microtasks in
    /// between.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn execute(&self, script: &str, args: Value) -> Result<Value> {
        self.post("/execute/sync", json!({"script": script, "args": args})).await
    }

    /// The text of an element as a person sees it.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn text_of(&self, element: &Element) -> Result<String> {
        text(&self.get(&format!("/element/{}/text", element.0)).await?)
    }

    /// Saves a picture of the page as PNG.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        let picture = text(&self.get("/screenshot").await?)?;
        fs::write(path, STANDARD.decode(picture)?)
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// Closes the window and ends the session.
    ///
    /// # Errors
    /// When the driver is gone.
    pub async fn quit(self) -> Result<()> {
        send(self.port, Method::DELETE, &format!("/session/{}", self.session), None).await?;
        Ok(())
    }

    async fn actions(&self, actions: Vec<Value>) -> Result<()> {
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": actions});
        self.post("/actions", json!({"actions": [keyboard]})).await.map(drop)
    }

    async fn get(&self, word: &str) -> Result<Value> {
        send(self.port, Method::GET, &format!("/session/{}{word}", self.session), None).await
    }

    async fn post(&self, word: &str, body: Value) -> Result<Value> {
        let path = format!("/session/{}{word}", self.session);
        send(self.port, Method::POST, &path, Some(&body)).await
    }
}

fn element(value: &Value) -> Result<Element> {
    Ok(Element(text(&value[ELEMENT])?))
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("expected a text, got {value}"))
}

fn down(key: char) -> Value {
    json!({"type": "keyDown", "value": key})
}

fn up(key: char) -> Value {
    json!({"type": "keyUp", "value": key})
}
