//! Folders of this computer as a person types them.
//!
//! Deliberately not here: whether there is such a folder.

use std::path::{Path, PathBuf};

/// The folder that is meant: `~` is the person's home.
///
/// # Errors
/// Why it cannot be told, as a sentence with the next step.
pub(crate) fn folder(text: &str, home: &Path) -> Result<PathBuf, String> {
    let text = text.trim();
    if text == "~" {
        return Ok(home.to_owned());
    }
    let below =
        text.strip_prefix("~/").or_else(|| text.strip_prefix("~\\").filter(|_| cfg!(windows)));
    if let Some(below) = below {
        return Ok(home.join(below.trim_start_matches(['/', '\\'])));
    }
    if text.starts_with('~') {
        return Err(format!(
            "the home folder in \"{text}\" is not known: give the whole path, or one that begins with ~/"
        ));
    }
    let path = PathBuf::from(text);
    if path.is_absolute() {
        return Ok(path);
    }
    Err(format!("\"{text}\" is no whole path: let it begin with {} or ~/", root()))
}

fn root() -> &'static str {
    if cfg!(windows) { "a drive" } else { "/" }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::folder;

    #[cfg(unix)]
    #[test]
    fn a_tilde_is_the_home_folder_and_what_is_unclear_is_said() {
        let home = Path::new("/home/ada");
        let meant = |text: &str| folder(text, home).map(|path| path.display().to_string());
        assert_eq!(meant("~").as_deref(), Ok("/home/ada"));
        assert_eq!(meant(" ~/src/my dots ").as_deref(), Ok("/home/ada/src/my dots"));
        assert_eq!(meant("~//src").as_deref(), Ok("/home/ada/src"));
        assert_eq!(meant("/srv/~/x").as_deref(), Ok("/srv/~/x"));
        assert!(meant("~bob/src").unwrap_err().contains("~bob/src"));
        assert!(meant("src/atlas").unwrap_err().contains("no whole path"));
        assert!(meant("").is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics_and_paths_are_whole(text in ".{0,40}") {
            let home = if cfg!(windows) { Path::new("C:\\Users\\ada") } else { Path::new("/home/ada") };
            if let Ok(path) = folder(&text, home) {
                prop_assert!(path.is_absolute());
            }
        }
    }
}
