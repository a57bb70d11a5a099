//! The terminal program of this desktop, with `ssh` in it.

use std::path::{Path, PathBuf};

use model::Editor;

use super::{
    Ide, Target,
    places::{Places, Platform},
};

/// Linux' terminals, and the arguments that stand before a program to run. What a person installed comes
/// before what a desktop brings.
const LINUX: [(&str, &[&str]); 17] = [
    ("ghostty", &["-e"]),
    ("kitty", &[]),
    ("wezterm", &["start", "--"]),
    ("alacritty", &["-e"]),
    ("foot", &[]),
    ("tilix", &["-e"]),
    ("terminator", &["-x"]),
    ("ptyxis", &["--new-window", "--"]),
    ("gnome-terminal", &["--"]),
    ("kgx", &["--"]),
    ("konsole", &["-e"]),
    ("xfce4-terminal", &["-x"]),
    ("mate-terminal", &["-x"]),
    ("lxterminal", &["-e"]),
    ("qterminal", &["-e"]),
    ("x-terminal-emulator", &["-e"]),
    ("xterm", &["-e"]),
];

pub(super) struct Terminal;

impl Ide for Terminal {
    fn editor(&self) -> Editor {
        Editor::Terminal
    }

    fn name(&self) -> &'static str {
        "Terminal"
    }

    fn how_to_get(&self) -> &'static str {
        "Install a terminal program such as GNOME Terminal, Konsole, kitty or xterm."
    }

    fn page(&self) -> &'static str {
        "https://sw.kovidgoyal.net/kitty/binary/"
    }

    fn find(&self, places: &Places) -> Option<PathBuf> {
        match places.platform {
            Platform::Linux => places.program(&LINUX.map(|(name, _)| name)),
            Platform::MacOs => places.program(&["open"]),
            Platform::Windows => places.program(&["wt", "ssh"]),
        }
    }

    fn arguments(&self, program: &Path, target: &Target, platform: Platform) -> Vec<String> {
        let name = program.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let before: &[&str] = match platform {
            Platform::Linux => {
                LINUX.iter().find(|(known, _)| *known == name).map_or(&["-e"], |(_, before)| before)
            }
            // Terminal answers for ssh addresses, unless the person chose another program for them.
            Platform::MacOs => return vec![format!("ssh://{}@{}", target.user, target.alias)],
            Platform::Windows => &[],
        };
        let is_ssh = name == "ssh";
        let words = before.iter().map(ToString::to_string);
        let program = (!is_ssh).then(|| "ssh".to_owned());
        // A semicolon divides the commands of Windows Terminal.
        let ssh = ssh(target).into_iter().map(|word| match name {
            "wt" => word.replace(';', r"\;"),
            _ => word,
        });
        words.chain(program).chain(ssh).collect()
    }
}

/// Arguments for `ssh`: a login shell where the work is.
fn ssh(target: &Target) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if !target.folder.starts_with('/') || !target.folder.chars().all(is_part) {
        return vec![target.alias.clone()];
    }
    // Without quotes, which Windows Terminal loses on the way.
    let shell = format!("cd {} 2>/dev/null; exec ${{SHELL:-/bin/sh}} -l", target.folder);
    vec!["-t".into(), target.alias.clone(), shell]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(program: &str, folder: &str, platform: Platform) -> Vec<String> {
        let target =
            Target { alias: "atlas-api".into(), user: "dev".into(), folder: folder.into() };
        Terminal.arguments(Path::new(program), &target, platform)
    }

    #[test]
    fn ssh_runs_in_the_terminal_that_was_found() {
        let shell = "cd /workspace 2>/dev/null; exec ${SHELL:-/bin/sh} -l";
        assert_eq!(
            arguments("/usr/bin/gnome-terminal", "/workspace", Platform::Linux),
            ["--", "ssh", "-t", "atlas-api", shell]
        );
        assert_eq!(
            arguments("/usr/bin/wezterm", "/a b", Platform::Linux),
            ["start", "--", "ssh", "atlas-api"],
            "a folder that a shell would read otherwise is not passed to one"
        );
        assert_eq!(
            arguments(r"C:/Windows/System32/OpenSSH/ssh.exe", "/workspace", Platform::Windows),
            ["-t", "atlas-api", shell]
        );
        assert_eq!(
            arguments("C:/Users/dev/WindowsApps/wt.exe", "/workspace", Platform::Windows),
            ["ssh", "-t", "atlas-api", r"cd /workspace 2>/dev/null\; exec ${SHELL:-/bin/sh} -l"]
        );
        assert_eq!(
            arguments("/usr/bin/open", "/workspace", Platform::MacOs),
            ["ssh://dev@atlas-api"]
        );
    }
}
