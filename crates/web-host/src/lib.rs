//! The UI and the core for a plain browser: a loopback WebSocket behind a token.
