//! Bad networks, made of namespaces: what is carried through them arrives whole or breaks in the open.

mod links;
mod rig;
mod setup;
