//! Containerlab labs on the fake API server whose engine is the real program: real nodes, consoles, logs.

mod conforming;
mod engine;
