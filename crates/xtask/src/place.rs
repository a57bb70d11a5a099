//! Where things are: the checkout, the build folder, the cache of things made once.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The folders every command works with, and whether it may install without asking.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) root: PathBuf,
    /// code-server, the dev image, tauri-driver and actionlint are kept here between checkouts.
    pub(crate) cache: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) is_yes: bool,
}

impl Place {
    /// Finds the folders and makes the cache.
    ///
    /// # Errors
    /// When there is no home folder, or the cache cannot be made.
    pub(crate) fn find(is_yes: bool) -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.ancestors().nth(2).context("cannot find the checkout")?.to_owned();
        let home = env::home_dir().context("cannot find the home folder")?;
        let cache = env::var_os("MOORLINE_CACHE")
            .map_or_else(|| home.join(".cache").join("moorline"), PathBuf::from);
        fs::create_dir_all(&cache).with_context(|| format!("cannot make {}", cache.display()))?;
        let target = build_folder(&root, &cache);
        Ok(Self { root, cache, target, is_yes })
    }

    /// Programs that were installed for this project alone.
    pub(crate) fn tools(&self) -> PathBuf {
        self.cache.join("bin")
    }

    /// WebDriver for the real app.
    pub(crate) fn tauri_driver(&self) -> PathBuf {
        self.tools().join("tauri-driver")
    }

    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }
}

/// A build folder in the cache outlives checkouts, where somebody made one.
fn build_folder(root: &Path, cache: &Path) -> PathBuf {
    if let Some(folder) = env::var_os("CARGO_TARGET_DIR") {
        return PathBuf::from(folder);
    }
    let shared = cache.join("target");
    if shared.is_dir() { shared } else { root.join("target") }
}
