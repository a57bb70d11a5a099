//! Labs through netlab's own API on a real server: netlab, containerlab, FRR, sshd and TLS.

mod conforming;
mod failures;
mod life;
mod rig;
mod together;
