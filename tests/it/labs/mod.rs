//! Labs on real servers: netlab, containerlab and Docker with FRR nodes.

mod bed;
