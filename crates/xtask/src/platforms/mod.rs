//! `cargo xtask platforms`: is everything still true on Windows and macOS, as far as Linux can tell?
//!
//! Owns: the order of the stages. Nothing is copied out of the checkout, and what is made once (two
//! Debian systems, a C compiler, build folders) stays in the cache. Deliberately not here: the tests
//! themselves, and linking for macOS, which needs Apple's own frameworks.

mod board;
mod check;
mod stage;
mod systems;
mod wine;

use anyhow::{Context, Result, ensure};

use crate::{
    packages::{self, Need},
    place::Place,
    prepare,
    task::Task,
};
use board::Board;
use systems::Systems;

/// Runs every stage, whatever the earlier ones found, and prints a table.
///
/// # Errors
/// When something cannot be made ready, when anything does not compile, or when a test fails.
pub(crate) fn run(place: &Place) -> Result<()> {
    prepare::linux_only("looking at other platforms")?;
    ensure!(
        is_root()?,
        "this needs root, because it changes into systems of its own: sudo -E cargo xtask platforms"
    );
    packages::install(place, Need::Server)?;
    let mut board = Board::default();
    board.prepare("user interface", || user_interface(place))?;
    let systems = board.prepare("systems", || Systems::make(place))?;
    let crates = check::crates(place)?;
    check::windows(&systems, &crates, &mut board)?;
    check::macos(&systems, &crates, &mut board)?;
    wine::run(place, &systems, &mut board)?;
    board.close()
}

fn is_root() -> Result<bool> {
    let output = Task::new("id", &["-u"]).command().output().context("cannot start id")?;
    Ok(output.stdout.starts_with(b"0"))
}

/// The desktop app embeds the built user interface when it is compiled; which one does not matter here.
fn user_interface(place: &Place) -> Result<()> {
    if place.ui().join("dist").join("index.html").exists() {
        return Ok(());
    }
    prepare::require("npm", "install Node 20 or newer, with npm, and run this again")?;
    prepare::ui_packages(place)?;
    prepare::run(place, &Task::npm(place, &["run", "build"]))
}
