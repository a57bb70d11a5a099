//! Labs on real servers: netlab, containerlab and Docker with FRR nodes.

mod bed;
mod doctor;
mod life;
mod rig;
mod trouble;
