//! Labs through netlab's own API on a real server: netlab, containerlab, FRR, sshd and TLS.

mod conforming;
mod failures;
mod leftovers;
mod life;
mod many;
mod rig;
mod together;
