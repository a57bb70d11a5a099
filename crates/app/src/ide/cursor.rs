//! Cursor, through its Remote SSH extension.

use std::path::{Path, PathBuf};

use model::Editor;

use super::{
    Ide, Target,
    code_family::{self, Member},
    places::{Places, Platform},
};

const MEMBER: Member = Member {
    commands: &["cursor"],
    application: ("Cursor.app", "Resources/app/bin/cursor"),
    windows: r"cursor\Cursor.exe",
    flatpak: None,
};

pub(super) struct Cursor;

impl Ide for Cursor {
    fn editor(&self) -> Editor {
        Editor::Cursor
    }

    fn name(&self) -> &'static str {
        "Cursor"
    }

    fn how_to_get(&self) -> &'static str {
        "Install Cursor; it brings what it needs for SSH."
    }

    fn page(&self) -> &'static str {
        "https://cursor.com/download"
    }

    fn find(&self, places: &Places) -> Option<PathBuf> {
        code_family::find(&MEMBER, places)
    }

    fn arguments(&self, program: &Path, target: &Target, platform: Platform) -> Vec<String> {
        code_family::arguments(program, target, platform)
    }
}
