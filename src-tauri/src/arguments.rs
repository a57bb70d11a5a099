//! The few words the desktop program understands on its command line.

use std::{ffi::OsString, path::PathBuf};

/// What the system starts the app with when a person logs in.
pub(crate) const AT_LOGIN: &str = "--at-login";

/// How the app is to start.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Keeps everything in this folder instead of the user's own.
    pub(crate) data_folder: Option<PathBuf>,
    /// Starts in the tray, without a window.
    pub(crate) is_hidden: bool,
    /// The system started it at login: whether it shows its window is in the settings.
    pub(crate) is_at_login: bool,
    /// A link to put before the person.
    pub(crate) link: Option<String>,
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// A sentence that names the argument that is not known or not complete.
pub(crate) fn parse(words: impl Iterator<Item = OsString>) -> Result<Arguments, String> {
    let mut arguments = Arguments::default();
    let mut words = words;
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--data-folder") => {
                let folder = words.next().ok_or("--data-folder needs a folder after it")?;
                arguments.data_folder = Some(PathBuf::from(folder));
            }
            Some("--hidden") => arguments.is_hidden = true,
            Some(AT_LOGIN) => arguments.is_at_login = true,
            Some(link) if link.starts_with(app::LINK_SCHEME) => {
                arguments.link = Some(link.to_owned());
            }
            _ => {
                return Err(format!(
                    "unknown argument {}; known are --data-folder FOLDER, --hidden, {AT_LOGIN} and a moorline:// link",
                    word.display()
                ));
            }
        }
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[&str]) -> Result<Arguments, String> {
        parse(words.iter().map(OsString::from))
    }

    #[test]
    fn reads_what_it_knows_and_names_what_it_does_not() {
        assert_eq!(
            check(&["--hidden", "--data-folder", "/x"]),
            Ok(Arguments {
                data_folder: Some(PathBuf::from("/x")),
                is_hidden: true,
                is_at_login: false,
                link: None
            })
        );
        assert!(check(&[AT_LOGIN]).is_ok_and(|arguments| arguments.is_at_login));
        let link = check(&["moorline://connection/a"]).unwrap().link;
        assert_eq!(link.as_deref(), Some("moorline://connection/a"));
        assert!(check(&["--data-folder"]).is_err());
        assert!(check(&["--frob"]).is_err_and(|problem| problem.contains("--frob")));
    }
}
