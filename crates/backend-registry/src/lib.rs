//! The list of backends this build offers: the only crate that names them all.
