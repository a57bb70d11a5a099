//! Tunnels of a whole core through a real sshd: what is carried, what is said of it, and whether that is
//! true while servers go away and come back.

mod carries;
mod edits;
mod questions;
mod rig;
mod truth;
