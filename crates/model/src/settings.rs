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

/// All settings, with their defaults where a stored one is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    pub color_scheme: ColorScheme,
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
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            color_scheme: ColorScheme::System,
            terminal_font_size: 13,
            terminal_scrollback: 10_000,
            keepalive_seconds: 15,
            open_ide_in_browser: false,
            editor: Editor::VsCode,
            close_to_tray: true,
        }
    }
}
