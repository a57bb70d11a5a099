//! Guarded loopback origins for web IDEs: one listener per workspace port.
