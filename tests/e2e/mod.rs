//! The finished app, driven through its real window as a person would.
//!
//! Owns: journeys across the whole product. Deliberately not here: what a smaller test can show. They are
//! marked as ignored because cargo alone does not build the app; `cargo xtask test` builds it and runs them.

mod browser;
mod create_from_git;
mod everyday;
mod first_run;
mod images;
mod interrupted;
mod labs;
mod main_job;
mod notices;
mod open_in;
mod paste;
mod prepared;
mod rebuild;
mod steps;
mod tunnels;
mod updates;
