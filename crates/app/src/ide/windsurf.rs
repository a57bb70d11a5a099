//! Windsurf, through its Remote SSH extension.

use std::path::{Path, PathBuf};

use model::Editor;

use super::{
    Ide, Target,
    code_family::{self, Member},
    places::{Places, Platform},
};

const MEMBER: Member = Member {
    commands: &["windsurf"],
    application: ("Windsurf.app", "Resources/app/bin/windsurf"),
    windows: r"Windsurf\Windsurf.exe",
    flatpak: None,
};

pub(super) struct Windsurf;

impl Ide for Windsurf {
    fn editor(&self) -> Editor {
        Editor::Windsurf
    }

    fn name(&self) -> &'static str {
        "Windsurf"
    }

    fn how_to_get(&self) -> &'static str {
        "Install Windsurf; it brings what it needs for SSH."
    }

    fn page(&self) -> &'static str {
        "https://windsurf.com/download"
    }

    fn find(&self, places: &Places) -> Option<PathBuf> {
        code_family::find(&MEMBER, places)
    }

    fn arguments(&self, program: &Path, target: &Target, platform: Platform) -> Vec<String> {
        code_family::arguments(program, target, platform)
    }
}
