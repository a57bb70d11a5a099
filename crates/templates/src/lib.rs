//! Templates: what is in a folder of topologies, how one looks before it is run, and which files travel
//! with it. A folder may be a commit of a git repository, fetched with the person's own git.
//! Deliberately not here: which templates a person has, and what becomes of the files on a server.
//!
//! Everything but `Checkouts` blocks for as long as reading files takes.

mod digests;
mod files;
mod git;
mod index;
mod leftovers;
mod path;
mod place;
mod preview;
#[cfg(test)]
mod tests;
mod walk;

pub use digests::Digests;
pub use files::FileSet;
pub use git::{Checkout, Checkouts, GitRunner, Printed};
pub use place::Place;
