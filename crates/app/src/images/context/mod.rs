//! What a build is sent: the files of a folder without those its ignore file names, or a few texts, as tar.

mod folder;
mod ignore;
mod pack;
#[cfg(test)]
mod tests;

pub(super) use folder::{Folder, read_folder};
pub(super) use pack::{pack_folder, pack_texts};
