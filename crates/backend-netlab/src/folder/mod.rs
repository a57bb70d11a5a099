//! The folder of one lab on the server: what Moorline put there, what it would change, and what others changed.

mod defaults;
mod manifest;
mod sync;
mod transfer;

pub(crate) use defaults::{DEFAULTS, with_defaults};
pub(crate) use manifest::{MANIFEST, MANIFEST_LIMIT, Manifest};
pub(crate) use sync::{Difference, Sync, Wanted};

/// True for a relative path that stays inside a folder.
pub(crate) fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && path.len() < 1024
        && path.split('/').all(|part| !["", ".", ".."].contains(&part))
        && !path.chars().any(|c| c.is_control() || c == '\\')
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn nothing_leads_out_of_a_folder() {
        for path in ["topology.yml", "a/b/c.j2", ".hidden", "a..b"] {
            assert!(is_inside(path), "{path}");
        }
        for path in ["", "/etc/passwd", "../a", "a/../b", "a//b", "a/./b", "a/", "a\\..\\b", "a\nb"]
        {
            assert!(!is_inside(path), "{path}");
        }
    }
}
