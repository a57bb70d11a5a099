//! The testbed: starts real servers on loopback and ends them by pid.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod box_image;
pub mod browser;
pub mod code_server;
pub mod desktop;
pub mod dev_image;
pub mod echo;
pub mod far;
pub mod headless;
pub mod keychain;
pub mod keys;
pub mod labs;
pub mod link;
pub mod measure;
pub mod net;
pub mod notices;
pub mod panel;
pub mod podman;
pub mod practice;
pub mod practice_labs;
pub mod pristine;
pub mod process;
pub mod publisher;
pub mod real_app;
pub mod registry;
pub mod screens;
pub mod session;
pub mod sshd;
pub mod unix_user;
pub mod webdriver;
