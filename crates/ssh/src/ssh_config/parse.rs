//! From files to directives with the hosts they are for. Includes are followed, each file once on a way.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Claim, ConfigFiles, ConfigForward, ConfigNote, NamedHost, Scope, SshConfig, forward,
    pattern::{fits, is_literal},
    words::{Line, line},
};

/// As OpenSSH: deeper includes are an error.
const MAX_DEPTH: usize = 16;
/// More files than anybody has; keeps a folder of thousands from holding up the start.
const MAX_FILES: usize = 512;
const MAX_TEXT: usize = 60;

/// One line that says something of some hosts.
#[derive(Debug, Clone)]
pub(super) struct Directive {
    /// All of them must fit.
    pub(super) scopes: Arc<Vec<Scope>>,
    pub(super) keyword: String,
    pub(super) arguments: Vec<String>,
    pub(super) rest: String,
    file: Arc<PathBuf>,
    number: usize,
    /// The line as it stands there.
    text: String,
}

impl Directive {
    /// The port forward that it asks for when `alias` is connected to, if it asks for one.
    pub(super) fn forward(&self, alias: &str) -> Option<ConfigForward> {
        Some(ConfigForward {
            file: self.file.to_path_buf(),
            line: self.number,
            text: self.text.clone(),
            is_shared: !self.scopes.iter().any(|scope| scope.names(alias)),
            route: forward::route(&self.keyword, &self.arguments)?,
        })
    }
}

impl SshConfig {
    /// Reads a configuration and what it includes. `home` is the person's home folder: relative includes
    /// are looked for in its `.ssh`. What cannot be read becomes a note; a first file that is not there
    /// gives an empty configuration.
    #[must_use]
    pub fn read(files: &dyn ConfigFiles, path: &Path, home: &Path) -> Self {
        let mut reader =
            Reader { files, home, config: Self::default(), way: Vec::new(), seen: HashSet::new() };
        match files.read(path) {
            Ok(text) => reader.file(path, &text, &Arc::default()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => reader.note(path, 0, "", format!("it cannot be read: {error}")),
        }
        reader.config
    }
}

/// Where a line stands.
struct Place<'a> {
    file: &'a Arc<PathBuf>,
    number: usize,
    text: &'a str,
}

struct Reader<'a> {
    files: &'a dyn ConfigFiles,
    home: &'a Path,
    config: SshConfig,
    /// The files that include each other now, outermost first.
    way: Vec<PathBuf>,
    seen: HashSet<String>,
}

impl Reader<'_> {
    fn file(&mut self, path: &Path, text: &str, outer: &Arc<Vec<Scope>>) {
        self.config.files.push(path.to_owned());
        self.way.push(path.to_owned());
        let file = Arc::new(path.to_owned());
        let mut scopes = Arc::clone(outer);
        for (number, text) in (1..).zip(text.lines()) {
            match line(text.trim_start_matches('\u{feff}')) {
                Ok(None) => {}
                Ok(Some(found)) => {
                    let place = Place { file: &file, number, text: text.trim() };
                    self.line(&place, found, outer, &mut scopes);
                }
                Err(why) => self.note(path, number, text.trim(), why),
            }
        }
        self.way.pop();
    }

    fn line(
        &mut self,
        place: &Place<'_>,
        found: Line,
        outer: &Arc<Vec<Scope>>,
        scopes: &mut Arc<Vec<Scope>>,
    ) {
        let (path, number) = (place.file.as_path(), place.number);
        match found.keyword.as_str() {
            "host" => {
                self.name(path, number, &found.arguments, outer);
                *scopes = with(outer, Scope::of_host_line(&found.arguments));
                self.claim(path, scopes);
            }
            "match" if found.arguments.first().is_some_and(|word| word == "all") => {
                *scopes = Arc::clone(outer);
            }
            "match" => {
                self.note(
                    path,
                    number,
                    &format!("Match {}", found.rest),
                    "Moorline does not evaluate Match, which may run programs; the lines below it are left out",
                );
                if let Some(scope) = Scope::of_match_line(&found.arguments) {
                    self.claim(path, &with(outer, scope));
                }
                *scopes = with(outer, Scope::Never);
            }
            "include" => {
                for pattern in &found.arguments {
                    self.include(path, number, pattern, scopes);
                }
            }
            _ => self.config.directives.push(Directive {
                scopes: Arc::clone(scopes),
                keyword: found.keyword,
                arguments: found.arguments,
                rest: found.rest,
                file: Arc::clone(place.file),
                number,
                text: place.text.to_owned(),
            }),
        }
    }

    fn claim(&mut self, path: &Path, scopes: &Arc<Vec<Scope>>) {
        let (file, scopes) = (path.to_owned(), Arc::clone(scopes));
        self.config.claims.push(Claim { file, scopes });
    }

    fn name(&mut self, path: &Path, line: usize, words: &[String], outer: &[Scope]) {
        for word in words.iter().filter(|word| is_literal(word)) {
            if outer.iter().all(|scope| scope.fits(word)) && self.seen.insert(word.clone()) {
                let (alias, file) = (word.clone(), path.to_owned());
                self.config.names.push(NamedHost { alias, file, line });
            }
        }
    }

    fn include(&mut self, path: &Path, line: usize, pattern: &str, scopes: &Arc<Vec<Scope>>) {
        let what = format!("Include {pattern}");
        if pattern.contains("${") || pattern.starts_with('~') && !pattern.starts_with("~/") {
            return self.note(path, line, &what, "it names a variable or another person's folder");
        }
        for file in self.expand(pattern) {
            if self.way.contains(&file) {
                self.note(path, line, &what, "it leads back to a file that includes it");
            } else if self.way.len() >= MAX_DEPTH {
                self.note(path, line, &what, "the files include each other too deeply");
            } else if self.config.files.len() >= MAX_FILES {
                return self.note(path, line, &what, "there are too many files");
            } else {
                match self.files.read(&file) {
                    Ok(text) => self.file(&file, &text, scopes),
                    // As OpenSSH: a file that is not there is not an error.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    Err(error) => {
                        self.note(path, line, &what, format!("it cannot be read: {error}"));
                    }
                }
            }
        }
    }

    /// The files that a pattern means: `*` and `?` in any part of it.
    fn expand(&self, pattern: &str) -> Vec<PathBuf> {
        let absolute = match pattern.strip_prefix("~/") {
            Some(rest) => self.home.join(rest),
            None => self.home.join(".ssh").join(pattern),
        };
        if !pattern.contains(['*', '?']) {
            return vec![absolute];
        }
        let mut found = vec![PathBuf::new()];
        for part in absolute.components() {
            let name = part.as_os_str().to_string_lossy();
            found = if name.contains(['*', '?']) {
                let entries = found.iter().flat_map(|folder| self.files.list(folder));
                entries.filter(|entry| is_named(entry, &name)).take(MAX_FILES).collect()
            } else {
                found.into_iter().map(|folder| folder.join(part)).collect()
            };
        }
        found
    }

    fn note(&mut self, file: &Path, line: usize, what: &str, why: impl Into<String>) {
        let what = what.chars().take(MAX_TEXT).collect();
        self.config.notes.push(ConfigNote { file: file.to_owned(), line, what, why: why.into() });
    }
}

fn with(outer: &[Scope], scope: Scope) -> Arc<Vec<Scope>> {
    Arc::new(outer.iter().cloned().chain([scope]).collect())
}

/// Whether the last part of a path fits a pattern; a hidden file only where the pattern is hidden too.
fn is_named(path: &Path, pattern: &str) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy()) else { return false };
    fits(pattern, &name) && (!name.starts_with('.') || pattern.starts_with('.'))
}
