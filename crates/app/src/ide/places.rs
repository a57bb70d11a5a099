//! Where programs are on this computer.

use std::path::{Path, PathBuf};

/// The system that programs are looked for on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    Linux,
    MacOs,
    Windows,
}

impl Platform {
    pub(super) fn of_this_build() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            Self::Linux
        }
    }
}

/// Folders to look in.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub(super) platform: Platform,
    /// The search path; entries that are not absolute are left out.
    pub(super) folders: Vec<PathBuf>,
    pub(super) home: PathBuf,
}

impl Places {
    /// The first of these programs in the search path, then in folders that installers use and that the
    /// search path of a desktop session may lack.
    pub(super) fn program(&self, names: &[&str]) -> Option<PathBuf> {
        let usual: &[&str] = match self.platform {
            Platform::Linux => &["/usr/local/bin", "/usr/bin", "/snap/bin"],
            Platform::MacOs => &["/usr/local/bin", "/opt/homebrew/bin", "/usr/bin"],
            Platform::Windows => &[],
        };
        let own =
            [".local/bin", ".local/share/JetBrains/Toolbox/scripts"].map(|p| self.home.join(p));
        let folders: Vec<PathBuf> = self
            .folders
            .iter()
            .filter(|folder| folder.is_absolute())
            .cloned()
            .chain(usual.iter().map(PathBuf::from))
            .chain(own)
            .collect();
        let ending = if self.platform == Platform::Windows { ".exe" } else { "" };
        names.iter().find_map(|name| {
            let file = format!("{name}{ending}");
            folders.iter().map(|folder| folder.join(&file)).find(|path| is_program(path))
        })
    }

    /// A program inside a macOS application, for everybody or for this person.
    pub(super) fn in_application(&self, application: &str, inside: &str) -> Option<PathBuf> {
        if self.platform != Platform::MacOs {
            return None;
        }
        [PathBuf::from("/Applications"), self.home.join("Applications")]
            .map(|folder| folder.join(application).join("Contents").join(inside))
            .into_iter()
            .find(|path| is_program(path))
    }

    /// A program where Windows' installers put it, for everybody or for this person.
    pub(super) fn in_program_files(&self, inside: &str) -> Option<PathBuf> {
        if self.platform != Platform::Windows {
            return None;
        }
        let own = self.home.join("AppData").join("Local").join("Programs");
        [own, PathBuf::from(r"C:\Program Files")]
            .map(|folder| folder.join(inside))
            .into_iter()
            .find(|path| is_program(path))
    }

    /// The starter of a Flatpak application.
    pub(super) fn in_flatpak(&self, application: &str) -> Option<PathBuf> {
        if self.platform != Platform::Linux {
            return None;
        }
        [
            self.home.join(".local/share/flatpak/exports/bin"),
            PathBuf::from("/var/lib/flatpak/exports/bin"),
        ]
        .map(|folder| folder.join(application))
        .into_iter()
        .find(|path| is_program(path))
    }
}

fn is_program(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && may_run(&meta)) || is_alias(path)
}

#[cfg(unix)]
fn may_run(meta: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o111 != 0
}

#[cfg(not(unix))]
fn may_run(_meta: &std::fs::Metadata) -> bool {
    true
}

/// Programs from Windows' store are links that can be started and not followed.
fn is_alias(path: &Path) -> bool {
    cfg!(windows) && std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_search_path_comes_first_and_plain_files_do_not_count() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        for one in [&a, &b] {
            std::fs::create_dir(one).unwrap();
            std::fs::write(one.join("moorline-editor"), "").unwrap();
        }
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(b.join("moorline-editor"), mode).unwrap();
        let places = Places {
            platform: Platform::Linux,
            folders: vec![PathBuf::from("relative"), a, b.clone()],
            home: folder.path().to_owned(),
        };
        let names = ["moorline-missing", "moorline-editor"];
        assert_eq!(places.program(&names), Some(b.join("moorline-editor")));
        assert_eq!(places.program(&["moorline-missing"]), None);
    }
}
