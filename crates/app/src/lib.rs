//! The product without a window: connections, sessions, workspaces, runs, forwards, IDE, tray.
