//! SQLite: connections, runs, log chunks, workspace cache; no secret, by type.
