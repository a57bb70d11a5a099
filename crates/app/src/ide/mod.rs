//! Programs on this computer that a workspace is opened in: one file each, found where their installers put
//! them, started with plain arguments.
//!
//! An IDE knows an SSH name and a folder, never a kind of backend. Deliberately not here: the SSH config.

mod code_family;
mod cursor;
mod gateway;
mod places;
mod start;
mod terminal;
mod vs_code;
mod windsurf;
mod zed;

use std::path::{Path, PathBuf};

use model::{Editor, EditorView, ErrorCode, Failure, WorkspaceRef};

use crate::Core;
use places::{Places, Platform};

/// What is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    /// A name that `ssh` knows: letters, digits, dots, dashes, underscores.
    alias: String,
    user: String,
    /// An absolute path.
    folder: String,
}

/// One program.
trait Ide: Sync {
    fn editor(&self) -> Editor;
    /// As its maker writes it.
    fn name(&self) -> &'static str;
    /// A full sentence: how to get it, or what it needs besides.
    fn how_to_get(&self) -> &'static str;
    /// Where it is to be had.
    fn page(&self) -> &'static str;
    /// Its program, where it is installed.
    fn find(&self, places: &Places) -> Option<PathBuf>;
    /// What its program is started with.
    fn arguments(&self, program: &Path, target: &Target, platform: Platform) -> Vec<String>;
}

/// All of them, in the order of menus.
const ALL: [&dyn Ide; 6] = [
    &vs_code::VsCode,
    &cursor::Cursor,
    &windsurf::Windsurf,
    &zed::Zed,
    &gateway::Gateway,
    &terminal::Terminal,
];

fn ide(editor: Editor) -> &'static dyn Ide {
    match editor {
        Editor::VsCode => &vs_code::VsCode,
        Editor::Cursor => &cursor::Cursor,
        Editor::Windsurf => &windsurf::Windsurf,
        Editor::Zed => &zed::Zed,
        Editor::JetbrainsGateway => &gateway::Gateway,
        Editor::Terminal => &terminal::Terminal,
    }
}

/// An editor as its maker writes it.
pub(crate) fn name_of(editor: Editor) -> &'static str {
    ide(editor).name()
}

impl Core {
    /// The editors that Moorline knows, and where they are on this computer.
    pub async fn editors(&self) -> Vec<EditorView> {
        let places = self.places();
        let look = move || {
            let view = |ide: &&dyn Ide| EditorView {
                editor: ide.editor(),
                name: ide.name().to_owned(),
                program: ide.find(&places).map(|program| program.display().to_string()),
                how_to_get: ide.how_to_get().to_owned(),
                page: ide.page().to_owned(),
            };
            ALL.iter().map(view).collect()
        };
        tokio::task::spawn_blocking(look).await.unwrap_or_default()
    }

    /// Opens a workspace in a program of this computer, through the managed SSH config.
    ///
    /// # Errors
    /// `NotFound` when the program is not installed, `Conflict` when the person's SSH config does not read
    /// Moorline's (`Failure::field` is "ssh_config") or the workspace does not run, `Internal` when the
    /// program does not start; and as `workspace_ssh`.
    pub async fn workspace_open_in(
        &self,
        workspace: &WorkspaceRef,
        editor: Editor,
    ) -> Result<(), Failure> {
        let ide = ide(editor);
        let places = self.places();
        let platform = places.platform;
        let program = tokio::task::spawn_blocking(move || ide.find(&places)).await.ok().flatten();
        let program = program.ok_or_else(|| {
            Failure::new(ErrorCode::NotFound, format!("{} is not on this computer", ide.name()))
                .with_hint(ide.how_to_get())
                .with_field("editor")
        })?;
        let (row, _) = self.shared.workspace(workspace).await?;
        if row.state != model::WorkspaceState::Running {
            return Err(Failure::new(ErrorCode::Conflict, format!("{} does not run", row.name))
                .with_hint(format!("Start {} first.", row.name)));
        }
        let ssh = self.workspace_ssh(workspace).await?;
        if !ssh.is_included {
            return Err(Failure::new(
                ErrorCode::Conflict,
                "your SSH config does not know Moorline's workspaces yet",
            )
            .with_hint("Let Moorline add its one line to your SSH config, then open it again.")
            .with_field("ssh_config"));
        }
        self.let_in(workspace).await?;
        let target = Target { alias: ssh.alias, user: ssh.user, folder: ssh.folder };
        let arguments = ide.arguments(&program, &target, platform);
        start::start(&self.shared, ide.name(), &program, &arguments).await
    }

    fn places(&self) -> Places {
        Places {
            platform: Platform::of_this_build(),
            folders: self.shared.host.program_folders(),
            home: self.shared.home_folder.clone(),
        }
    }
}

/// Bytes of a URL's path or fragment that stand for themselves; all others are written in hexadecimal.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(editor: Editor, program: &str, platform: Platform) -> Vec<String> {
        let target = Target {
            alias: "atlas-api".into(),
            user: "dev".into(),
            folder: "/workspace/my project".into(),
        };
        ide(editor).arguments(Path::new(program), &target, platform)
    }

    #[test]
    fn each_editor_gets_the_form_it_understands() {
        for (editor, name) in
            [(Editor::VsCode, "code"), (Editor::Cursor, "cursor"), (Editor::Windsurf, "windsurf")]
        {
            assert_eq!(
                arguments(editor, name, Platform::Linux),
                ["--remote", "ssh-remote+atlas-api", "/workspace/my project"]
            );
            assert_eq!(
                arguments(editor, name, Platform::Windows),
                ["--folder-uri", "vscode-remote://ssh-remote+atlas-api/workspace/my%20project"]
            );
        }
        assert_eq!(
            arguments(Editor::Zed, "zed", Platform::Linux),
            ["ssh://dev@atlas-api/workspace/my%20project"]
        );
        assert_eq!(
            arguments(Editor::JetbrainsGateway, "gateway", Platform::MacOs),
            ["jetbrains-gateway://connect#type=ssh&deploy=true&host=atlas-api&port=22&user=dev\
              &projectPath=/workspace/my%20project"]
        );
    }

    #[test]
    fn every_editor_has_one_place_in_the_menu() {
        for one in ALL {
            assert_eq!(ide(one.editor()).name(), one.name());
            assert!(one.how_to_get().ends_with('.') && one.page().starts_with("https://"));
        }
    }
}
