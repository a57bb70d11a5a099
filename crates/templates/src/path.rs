//! Paths inside a template: relative, with slashes, and never leading out, whatever links are there.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use model::{ErrorCode, Failure};

const MAX_PATH: usize = 1024;

/// Whether this is a relative path that stays inside, on every system.
pub(crate) fn is_safe(path: &str) -> bool {
    path.len() <= MAX_PATH && path.split('/').all(is_name)
}

/// One part of a path. Backslashes and colons separate on some systems.
pub(crate) fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..")
        && !name.chars().any(|c| c.is_control() || matches!(c, '\\' | ':'))
        && !name.ends_with(['.', ' '])
}

/// The file or folder at a path below a root, where no part on the way is a link.
pub(crate) fn inside(root: &Path, path: &str) -> Result<PathBuf, Failure> {
    if !is_safe(path) {
        return Err(leads_out(path));
    }
    let mut full = root.to_owned();
    for name in path.split('/') {
        full.push(name);
        let metadata = fs::symlink_metadata(&full).map_err(|error| unreadable(path, &error))?;
        if metadata.is_symlink() {
            return Err(leads_out(path));
        }
    }
    Ok(full)
}

fn leads_out(path: &str) -> Failure {
    Failure::new(ErrorCode::Invalid, format!("\"{path}\" may lead out of the template"))
        .with_hint("Use a path inside of the template, without \"..\" and without links.")
}

pub(crate) fn unreadable(path: &str, error: &io::Error) -> Failure {
    let failure = if error.kind() == io::ErrorKind::NotFound {
        Failure::new(ErrorCode::NotFound, format!("there is no {path}"))
            .with_hint("It was moved or removed: refresh the template, or put it back.")
    } else {
        Failure::new(ErrorCode::Storage, format!("cannot read {path}"))
            .with_hint("Check that you may read it, and that the disk is there.")
    };
    failure.with_detail(error.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::is_safe;

    #[test]
    fn paths_that_stay_inside() {
        for path in ["topology.yml", "labs/ospf/topology.yml", "a b/ü.yml", "..a/b..c"] {
            assert!(is_safe(path), "{path}");
        }
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a//b",
            "a/",
            "C:/x",
            "a\\b",
            "a\0",
            "./a",
            "a./b",
        ] {
            assert!(!is_safe(path), "{path}");
        }
    }

    proptest! {
        #[test]
        fn what_is_safe_never_climbs(path in "[a./\\\\: ]{0,20}|.{0,30}") {
            if is_safe(&path) {
                let joined = std::path::Path::new("/root-of-it").join(&path);
                prop_assert!(joined.starts_with("/root-of-it"));
                prop_assert!(!joined.components().any(|part| part.as_os_str() == ".."));
            }
        }
    }
}
