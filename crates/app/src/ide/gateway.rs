//! JetBrains Gateway, which takes a link of its own and fills its SSH form from it.

use std::path::{Path, PathBuf};

use model::Editor;

use super::{
    Ide, Target, escaped,
    places::{Places, Platform},
};

pub(super) struct Gateway;

impl Ide for Gateway {
    fn editor(&self) -> Editor {
        Editor::JetbrainsGateway
    }

    fn name(&self) -> &'static str {
        "JetBrains Gateway"
    }

    fn how_to_get(&self) -> &'static str {
        "Install JetBrains Gateway, with the Toolbox or by itself."
    }

    fn page(&self) -> &'static str {
        "https://www.jetbrains.com/remote-development/gateway/"
    }

    fn find(&self, places: &Places) -> Option<PathBuf> {
        places
            .program(&["jetbrains-gateway", "gateway", "gateway.sh"])
            .or_else(|| places.in_application("JetBrains Gateway.app", "MacOS/gateway"))
            .or_else(|| places.in_application("Gateway.app", "MacOS/gateway"))
            .or_else(|| places.in_program_files(r"Gateway\bin\gateway64.exe"))
            .or_else(|| places.in_program_files(r"JetBrains\JetBrains Gateway\bin\gateway64.exe"))
    }

    fn arguments(&self, _: &Path, target: &Target, _: Platform) -> Vec<String> {
        // The port is that of the alias: the real one is in the SSH config, which Gateway reads.
        vec![format!(
            "jetbrains-gateway://connect#type=ssh&deploy=true&host={}&port=22&user={}&projectPath={}",
            target.alias,
            escaped(&target.user),
            escaped(&target.folder)
        )]
    }
}
