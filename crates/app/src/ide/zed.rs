//! Zed, which takes an `ssh://` address and runs the person's own `ssh`.

use std::path::{Path, PathBuf};

use model::Editor;

use super::{
    Ide, Target, escaped,
    places::{Places, Platform},
};

pub(super) struct Zed;

impl Ide for Zed {
    fn editor(&self) -> Editor {
        Editor::Zed
    }

    fn name(&self) -> &'static str {
        "Zed"
    }

    fn how_to_get(&self) -> &'static str {
        "Install Zed; on macOS run \"cli: install\" in it once."
    }

    fn page(&self) -> &'static str {
        "https://zed.dev/download"
    }

    fn find(&self, places: &Places) -> Option<PathBuf> {
        // Some distributions have another program called zed.
        places
            .program(&["zeditor", "zed"])
            .or_else(|| places.in_application("Zed.app", "MacOS/cli"))
            .or_else(|| places.in_program_files(r"Zed\bin\zed.exe"))
            .or_else(|| places.in_flatpak("dev.zed.Zed"))
    }

    fn arguments(&self, _: &Path, target: &Target, _: Platform) -> Vec<String> {
        vec![format!("ssh://{}@{}{}", target.user, target.alias, escaped(&target.folder))]
    }
}
