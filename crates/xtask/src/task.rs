//! One program to run: its words, its folder, its environment, and how a person would repeat it.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

use crate::place::Place;

/// A command that can be run, and printed so that it can be pasted into a shell.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    program: OsString,
    arguments: Vec<OsString>,
    folder: Option<PathBuf>,
    environment: Vec<(&'static str, OsString)>,
}

impl Task {
    pub(crate) fn new(program: impl AsRef<OsStr>, arguments: &[&str]) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            arguments: arguments.iter().map(OsString::from).collect(),
            folder: None,
            environment: Vec::new(),
        }
    }

    /// cargo, building into the project's build folder.
    pub(crate) fn cargo(place: &Place, arguments: &[&str]) -> Self {
        let mut task = Self::new("cargo", arguments).within(&place.root);
        if std::env::var_os("CARGO_TARGET_DIR").is_some()
            || place.target != place.root.join("target")
        {
            task = task.with("CARGO_TARGET_DIR", &place.target);
        }
        task
    }

    /// A script of ui/package.json, or npm itself.
    pub(crate) fn npm(place: &Place, arguments: &[&str]) -> Self {
        let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
        Self::new(program, arguments).within(&place.ui())
    }

    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name, value.as_ref().to_owned()));
        self
    }

    /// The same task, started by another program that takes it as its last words.
    pub(crate) fn under(self, program: &Path, words: &[&str]) -> Self {
        let mut arguments: Vec<OsString> = words.iter().map(OsString::from).collect();
        arguments.push(self.program);
        arguments.extend(self.arguments);
        Self { program: program.as_os_str().to_owned(), arguments, ..self }
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    /// The line that does the same from the checkout's top.
    pub(crate) fn shell_line(&self, place: &Place) -> String {
        let mut line = String::new();
        if let Some(folder) = self.folder.as_ref().filter(|folder| **folder != place.root) {
            let folder = folder.strip_prefix(&place.root).unwrap_or(folder);
            line.push_str(&format!("cd {} && ", quoted(folder.as_os_str())));
        }
        for (name, value) in &self.environment {
            line.push_str(&format!("{name}={} ", quoted(value)));
        }
        line.push_str(&quoted(&self.program));
        for argument in &self.arguments {
            line.push(' ');
            line.push_str(&quoted(argument));
        }
        line
    }
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let is_plain =
        !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_./=:,+@^".contains(c));
    if is_plain { word.into_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_line_can_be_pasted() {
        let place = Place {
            root: "/m".into(),
            cache: "/c".into(),
            target: "/c/target".into(),
            is_yes: false,
        };
        let cargo = Task::cargo(&place, &["test", "-p", "it's"]).shell_line(&place);
        assert_eq!(cargo, r"CARGO_TARGET_DIR=/c/target cargo test -p 'it'\''s'");
        assert_eq!(Task::npm(&place, &["test"]).shell_line(&place), "cd ui && npm test");
    }
}
