//! What a person can set.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Editor;

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ColorScheme {
    #[default]
    System,
    Light,
    Dark,
}

/// How much room a row takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    #[default]
    Comfortable,
    Compact,
}

/// All settings, with their defaults where a stored one is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    pub color_scheme: ColorScheme,
    pub density: Density,
    /// A language tag such as "en"; empty follows the system.
    pub language: String,
    /// Pixels, 9 to 24.
    pub terminal_font_size: u8,
    /// Lines kept above the visible part, 100 to 100,000.
    pub terminal_scrollback: u32,
    /// Seconds between SSH keepalives, 5 to 300; three unanswered ones end the link.
    pub keepalive_seconds: u16,
    /// Ask the person's browser instead of a window of ours for web IDEs.
    pub open_ide_in_browser: bool,
    /// What "Open in" offers first.
    pub editor: Editor,
    /// Closing the window keeps the app in the tray.
    pub close_to_tray: bool,
    /// The system starts the app when the person logs in. What the system says wins over this.
    pub start_at_login: bool,
    /// Started at login, the app stays in the tray.
    pub start_hidden: bool,
    /// Tell through the system's notifications what happens while the window is not looked at.
    pub notifications: bool,
    /// Ask for a newer version; off means that no request is made.
    pub check_for_updates: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            color_scheme: ColorScheme::System,
            density: Density::Comfortable,
            language: String::new(),
            terminal_font_size: 13,
            terminal_scrollback: 10_000,
            keepalive_seconds: 15,
            open_ide_in_browser: false,
            editor: Editor::VsCode,
            close_to_tray: true,
            start_at_login: false,
            start_hidden: true,
            notifications: true,
            check_for_updates: true,
        }
    }
}
