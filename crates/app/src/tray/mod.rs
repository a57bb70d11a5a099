//! The tray: its menu as a pure function of state, and what its items do.
//!
//! Showing the menu is the host's business.

/// What the menu is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrayState {
    /// Connections that are up.
    pub connected: usize,
    /// All connections.
    pub connections: usize,
}

/// One line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrayItem {
    /// Text that does nothing.
    Label {
        text: String,
    },
    /// Calls `Core::tray_action` with its id; hosts handle `open`, `settings` and `quit` themselves.
    Action {
        id: String,
        text: String,
    },
    Separator,
    Submenu {
        text: String,
        items: Vec<TrayItem>,
    },
}

/// The whole menu for a state.
#[must_use]
pub fn menu(state: &TrayState) -> Vec<TrayItem> {
    vec![TrayItem::Label {
        text: format!("{} of {} connected", state.connected, state.connections),
    }]
}
