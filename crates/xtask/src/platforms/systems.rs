//! What type-checks and runs for other platforms: two Debian systems and a C compiler, made once.
//!
//! One system has a Rust with the sources of its library and the compilers for Windows, because there is
//! no other way to a library for other platforms than building it; the other has Wine. Both live in the
//! cache, together with the build folder.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{place::Place, prepare, task::Task};

pub(super) const WINDOWS: &str = "x86_64-pc-windows-gnu";
pub(super) const MACOS: &str = "aarch64-apple-darwin";

/// Its `cc` brings the headers of macOS.
const ZIG: &str = "ziglang==0.15.1";
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// How a system is made. A change makes it anew.
struct Recipe {
    name: &'static str,
    suite: &'static str,
    packages: &'static str,
}

const RUST: Recipe = Recipe {
    name: "rust",
    suite: "testing",
    packages: "rustc,cargo,rust-src,gcc,libc6-dev,gcc-mingw-w64-x86-64-posix,ca-certificates,python3-pip",
};

/// The Wine of Debian 12 lacks a library that Rust's own needs.
const WINE: Recipe = Recipe { name: "wine", suite: "trixie", packages: "wine64,wine" };

/// Everything that was made.
#[derive(Debug)]
pub(super) struct Systems<'a> {
    pub(super) place: &'a Place,
    /// In the cache.
    pub(super) folder: PathBuf,
}

impl<'a> Systems<'a> {
    /// Makes what is missing.
    ///
    /// # Errors
    /// When a package cannot be had.
    pub(super) fn make(place: &'a Place) -> Result<Self> {
        let folder = place.cache.join("platforms");
        fs::create_dir_all(folder.join("target")).context("cannot make the build folder")?;
        let systems = Self { place, folder };
        for recipe in [&RUST, &WINE] {
            systems.debian(recipe)?;
        }
        systems.zig()?;
        Ok(systems)
    }

    /// cargo in the system with Rust, for a target, in the folder of the checkout.
    pub(super) fn cargo(&self, target: &str, words: &[&str]) -> Task {
        self.in_rust(&self.cargo_words(target, words), &[])
    }

    /// The words of `cargo`; options of ours go before those for test programs.
    pub(super) fn cargo_words(&self, target: &str, words: &[&str]) -> Vec<String> {
        let end = words.iter().position(|word| *word == "--").unwrap_or(words.len());
        let (ours, theirs) = words.split_at(end);
        let library = ["--locked", "-Z", "build-std=std,panic_unwind", "--target", target];
        let all = ["cargo"].iter().chain(ours).chain(&library).chain(theirs);
        all.map(ToString::to_string).collect()
    }

    /// A program in the system with Rust, in the checkout's folder there, with more folders of this one.
    pub(super) fn in_rust(&self, words: &[String], more: &[(PathBuf, &str)]) -> Task {
        let scripts = "/moorline/crates/xtask/src/platforms";
        let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let cargo_home = cargo_home
            .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
            .unwrap_or_default();
        let mut folders: Vec<(PathBuf, &str)> = vec![
            (cargo_home, "/cargo"),
            (self.place.root.clone(), "/moorline"),
            (self.folder.join("target"), "/target"),
            (self.folder.join("zig"), "/zig"),
        ];
        let network =
            ["/dev", "/proc", "/etc/resolv.conf", "/etc/hosts", CERTIFICATES, "/etc/pip.conf"];
        folders.extend(network.map(|path| (PathBuf::from(path), path)));
        folders.extend(more.iter().cloned());
        let compiler = "x86_64-w64-mingw32";
        let variables = [
            "PATH=/usr/bin:/bin:/usr/sbin:/sbin".to_owned(),
            "HOME=/root".into(),
            "CARGO_HOME=/cargo".into(),
            "CARGO_TARGET_DIR=/target".into(),
            "CARGO_INCREMENTAL=0".into(),
            format!("CARGO_BUILD_JOBS={}", env::var("CARGO_BUILD_JOBS").unwrap_or("2".into())),
            format!("CARGO_HTTP_CAINFO={CERTIFICATES}"),
            format!("PIP_CERT={CERTIFICATES}"),
            // Lets a stable cargo build the library of a target.
            "RUSTC_BOOTSTRAP=1".into(),
            format!("CC_x86_64_pc_windows_gnu={compiler}-gcc"),
            format!("AR_x86_64_pc_windows_gnu={compiler}-ar"),
            format!("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER={compiler}-gcc"),
            format!("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER={scripts}/run-in-wine.sh"),
            format!("CC_aarch64_apple_darwin={scripts}/zig-cc.sh"),
            format!("AR_aarch64_apple_darwin={scripts}/zig-ar.sh"),
            "ZIG_GLOBAL_CACHE_DIR=/target/zig".into(),
            // Named so that nobody looks for Apple's tools.
            "SDKROOT=/".into(),
        ];
        let inside = ["/usr/bin/env", "-i", "-C", "/moorline"].map(str::to_owned);
        let all: Vec<String> = inside.into_iter().chain(variables).chain(words.to_vec()).collect();
        self.enter(RUST.name, &folders, &all)
    }

    pub(super) fn wine_root(&self) -> PathBuf {
        self.folder.join(WINE.name)
    }

    fn enter(&self, system: &str, folders: &[(PathBuf, &str)], words: &[String]) -> Task {
        let script = self.place.root.join("crates/xtask/src/platforms/enter.sh");
        let mut all = ["--mount", "--propagation", "private", "--"].map(str::to_owned).to_vec();
        all.push(script.display().to_string());
        all.push(self.folder.join(system).display().to_string());
        for (from, place) in folders.iter().filter(|(from, _)| from.exists()) {
            all.extend([from.display().to_string(), (*place).to_owned()]);
        }
        all.push("--".into());
        all.extend_from_slice(words);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        Task::new("unshare", &all)
    }

    fn debian(&self, recipe: &Recipe) -> Result<()> {
        let root = self.folder.join(recipe.name);
        let wanted = format!("{} {}\n", recipe.suite, recipe.packages);
        if self.is_made(recipe.name, &wanted) {
            println!("{} is there", root.display());
            return Ok(());
        }
        remove(&root)?;
        let include = format!("--include={}", recipe.packages);
        let shown = root.display().to_string();
        // Nothing is mounted there now, and the dates of mirrors are of no use here.
        let dates = "--aptopt=Acquire::Check-Valid-Until \"false\"";
        let words = ["--variant=apt", dates, &include, recipe.suite, &shown];
        prepare::run(self.place, &Task::new("mmdebstrap", &words))?;
        self.mark(recipe.name, &wanted)
    }

    fn zig(&self) -> Result<()> {
        let root = self.folder.join("zig");
        if self.is_made("zig", ZIG) {
            println!("{} is there", root.display());
            return Ok(());
        }
        remove(&root)?;
        fs::create_dir_all(&root)?;
        let words =
            "python3 -m pip install --quiet --root-user-action ignore --no-deps --target /zig";
        let words: Vec<String> = words.split(' ').chain([ZIG]).map(str::to_owned).collect();
        prepare::run(self.place, &self.in_rust(&words, &[]))?;
        self.mark("zig", ZIG)
    }

    fn is_made(&self, name: &str, wanted: &str) -> bool {
        fs::read_to_string(self.mark_file(name)).is_ok_and(|found| found == wanted)
    }

    fn mark(&self, name: &str, made: &str) -> Result<()> {
        fs::write(self.mark_file(name), made).with_context(|| format!("cannot mark {name} as made"))
    }

    fn mark_file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.made"))
    }
}

/// Mounts of ours end with the program that made them, so this never reaches through one.
fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
