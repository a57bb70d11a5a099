//! Bad networks, made of namespaces: what is carried through them arrives whole or breaks in the open.

mod day;
mod desk;
mod faults;
mod links;
mod moves;
mod nights;
mod rig;
mod setup;
mod used;
mod weather;
