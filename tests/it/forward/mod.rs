//! Forwards on this computer's real network: what programs see, whoever they are.
//!
//! Deliberately not here: ways over SSH, which `tunnels` tests whole.

mod binding;
mod carrying;
mod load;
mod owners;
mod proxy;
mod rig;
mod unix;
mod waiting;
