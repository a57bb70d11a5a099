//! SSH sessions, authentication, host trust, jumps, channels, SFTP: the only crate that knows russh.
