//! The list of backends this build offers, and the page each of them gets in the docs.
//!
//! Owns: naming every backend, once. Deliberately not here: anything a backend does.

mod page;

use std::sync::Arc;

use backend_api::Backend;

pub use page::page;

/// Every backend, in the order in which they are offered.
#[must_use]
pub fn all() -> Vec<Arc<dyn Backend>> {
    vec![
        Arc::new(backend_podman::Podman),
        Arc::new(backend_netlab::Netlab),
        Arc::new(backend_containerlab::Containerlab),
    ]
}
