//! VS Code, through its Remote SSH extension.

use std::path::{Path, PathBuf};

use model::Editor;

use super::{
    Ide, Target,
    code_family::{self, Member},
    places::{Places, Platform},
};

const MEMBER: Member = Member {
    commands: &["code", "code-insiders"],
    application: ("Visual Studio Code.app", "Resources/app/bin/code"),
    windows: r"Microsoft VS Code\Code.exe",
    flatpak: Some("com.visualstudio.code"),
};

pub(super) struct VsCode;

impl Ide for VsCode {
    fn editor(&self) -> Editor {
        Editor::VsCode
    }

    fn name(&self) -> &'static str {
        "VS Code"
    }

    fn how_to_get(&self) -> &'static str {
        "Install VS Code, and its extension Remote - SSH."
    }

    fn page(&self) -> &'static str {
        "https://code.visualstudio.com/download"
    }

    fn find(&self, places: &Places) -> Option<PathBuf> {
        code_family::find(&MEMBER, places)
    }

    fn arguments(&self, program: &Path, target: &Target, platform: Platform) -> Vec<String> {
        code_family::arguments(program, target, platform)
    }
}
