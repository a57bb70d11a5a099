//! A person's way with a window: look for a thing until it is there, then use it.
//!
//! Owns: patience, and saying what the page shows when it runs out. Deliberately not here: the words of
//! the protocol.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::webdriver::{Element, WebDriver};

/// How long a thing may take to appear.
const PATIENCE: Duration = Duration::from_secs(45);

/// The key that confirms, for `keys`.
pub const ENTER: &str = "\u{e007}";
/// The key that leaves, for `keys`.
pub const ESCAPE: &str = "\u{e00c}";

/// One window. Selectors are XPath when they begin with a slash, CSS otherwise.
#[derive(Debug)]
pub struct Session(WebDriver);

impl Session {
    /// Opens a window through a driver that runs at `port`.
    ///
    /// # Errors
    /// When the driver or the program behind it does not start.
    pub async fn open(port: u16, capabilities: &Value) -> Result<Self> {
        WebDriver::attach(port, capabilities.clone()).await.map(Self)
    }

    /// Starts Chromium without a window of its own.
    ///
    /// # Errors
    /// When chromedriver or Chromium are missing or do not come up.
    pub async fn chromium() -> Result<Self> {
        WebDriver::chromium().await.map(Self)
    }

    /// Goes to an address.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub async fn open_page(&self, url: &str) -> Result<()> {
        self.0.go(url).await
    }

    /// Closes the window.
    ///
    /// # Errors
    /// When the driver is gone.
    pub async fn close(self) -> Result<()> {
        self.0.quit().await
    }

    /// All windows of the program, by handle.
    ///
    /// # Errors
    /// When the program is gone.
    pub async fn windows(&self) -> Result<Vec<String>> {
        self.0.windows().await
    }

    /// Uses another window of the program from now on.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn switch_to(&self, handle: &str) -> Result<()> {
        self.0.switch_to(handle).await
    }

    /// Waits for a thing.
    ///
    /// # Errors
    /// When it does not appear, with what the page says instead.
    pub async fn find(&self, selector: &str) -> Result<Element> {
        self.find_within(selector, PATIENCE).await
    }

    /// Waits for a thing that may take longer than others.
    ///
    /// # Errors
    /// As `find`.
    pub async fn find_within(&self, selector: &str, patience: Duration) -> Result<Element> {
        let found = self.0.wait_for(selector, patience).await;
        self.or_page(found).await
    }

    /// Waits until a thing is gone.
    ///
    /// # Errors
    /// When it stays.
    pub async fn gone(&self, selector: &str) -> Result<()> {
        let check = async || Ok(self.0.find_all(selector).await?.is_empty().then_some(()));
        self.0.until(&format!("the end of {selector}"), PATIENCE, check).await
    }

    /// Waits for a thing and clicks it; tries again while it is disabled or something lies over it.
    ///
    /// # Errors
    /// When it does not appear or cannot be clicked.
    pub async fn click(&self, selector: &str) -> Result<()> {
        let check = async || match self.0.find_all(selector).await?.first() {
            Some(element) if self.0.is_enabled(element).await? => {
                self.0.click(element).await.map(Some)
            }
            _ => Ok(None),
        };
        let clicked = self.0.until(&format!("a click on {selector}"), PATIENCE, check).await;
        self.or_page(clicked).await
    }

    /// Waits for a field and types into it.
    ///
    /// # Errors
    /// When it does not appear or takes no keys.
    pub async fn keys(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.find(selector).await?;
        self.0.type_into(&element, text).await
    }

    /// Holds keys down together, wherever the focus is, then lets go.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn press(&self, keys: &[char]) -> Result<()> {
        self.0.chord(keys).await
    }

    /// Replaces what a field holds, in one go.
    ///
    /// # Errors
    /// When it does not appear or takes no keys.
    pub async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.find(selector).await?;
        self.0.replace(&element, text).await
    }

    /// The text a person reads in a thing.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn text(&self, selector: &str) -> Result<String> {
        let element = self.find(selector).await?;
        self.0.text_of(&element).await
    }

    /// Runs a function body in the page and returns what it returns.
    ///
    /// # Errors
    /// When it throws.
    pub async fn run(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        self.0.execute(script, json!(arguments)).await
    }

    /// Waits until a function body returns something true.
    ///
    /// # Errors
    /// When it does not, with what the page says.
    pub async fn until(&self, script: &str) -> Result<Value> {
        let check = async || {
            let value = self.run(script, &[]).await?;
            Ok((!matches!(value, Value::Null | Value::Bool(false))).then_some(value))
        };
        let found = self.0.until(script, PATIENCE, check).await;
        self.or_page(found).await
    }

    /// Saves a picture of the window as PNG.
    ///
    /// # Errors
    /// When the driver gives none.
    pub async fn picture(&self, path: &Path) -> Result<()> {
        self.0.screenshot(path).await
    }

    async fn or_page<T>(&self, outcome: Result<T>) -> Result<T> {
        if outcome.is_ok() {
            return outcome;
        }
        let page = self.run("return document.body.innerText", &[]).await.unwrap_or_default();
        outcome.with_context(|| format!("the page says:\n{}", page.as_str().unwrap_or_default()))
    }
}
