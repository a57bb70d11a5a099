//! What the editors that grew out of VS Code share: arguments, and how an installation looks.

use std::path::{Path, PathBuf};

use super::{
    Target, escaped,
    places::{Places, Platform},
};

/// Where one of the family lies.
pub(super) struct Member {
    pub(super) commands: &'static [&'static str],
    /// The macOS application, and the starter inside its `Contents`.
    pub(super) application: (&'static str, &'static str),
    /// Below a folder of Windows' programs.
    pub(super) windows: &'static str,
    pub(super) flatpak: Option<&'static str>,
}

pub(super) fn find(member: &Member, places: &Places) -> Option<PathBuf> {
    // On Windows the command in the search path is a script for its shell; the program itself is not.
    if places.platform == Platform::Windows {
        return places.in_program_files(member.windows);
    }
    let (application, inside) = member.application;
    places
        .program(member.commands)
        .or_else(|| places.in_application(application, inside))
        .or_else(|| member.flatpak.and_then(|name| places.in_flatpak(name)))
}

pub(super) fn arguments(_program: &Path, target: &Target, platform: Platform) -> Vec<String> {
    match platform {
        Platform::Linux | Platform::MacOs => {
            vec!["--remote".into(), format!("ssh-remote+{}", target.alias), target.folder.clone()]
        }
        // Windows' program takes `--remote` from its script only.
        Platform::Windows => vec![
            "--folder-uri".into(),
            format!("vscode-remote://ssh-remote+{}{}", target.alias, escaped(&target.folder)),
        ],
    }
}
