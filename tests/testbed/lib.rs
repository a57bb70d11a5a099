//! The testbed: starts real servers on loopback and ends them by pid.
