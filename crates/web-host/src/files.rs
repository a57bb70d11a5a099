//! The files of the front end: which one a path means, and what kind it is.

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

/// The file below `folder` that a URL path means. Paths without a file extension mean the one page there
/// is. None for anything that is not plainly below the folder.
pub(crate) fn locate(folder: &Path, url_path: &str) -> Option<PathBuf> {
    let path = percent_decode_str(url_path.strip_prefix('/')?).decode_utf8().ok()?;
    if path.contains(['\\', '\0', ':']) {
        return None;
    }
    let path = Path::new(path.as_ref());
    let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    match (is_plain, path.extension()) {
        (false, _) => None,
        (true, None) => Some(folder.join("index.html")),
        (true, Some(_)) => Some(folder.join(path)),
    }
}

/// What a browser must be told about a file.
pub(crate) fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("wasm") => "application/wasm",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_mean_files_below_the_folder() {
        let folder = Path::new("/ui");
        for (path, wanted) in [
            ("/", Some("/ui/index.html")),
            ("/runs/1", Some("/ui/index.html")),
            ("/assets/a%20b.js", Some("/ui/assets/a b.js")),
            ("/../secret.txt", None),
            ("/a/%2e%2e/%2e%2e/secret.txt", None),
            ("//etc/passwd.txt", None),
            ("/%2Fetc/passwd.txt", None),
            ("/C:/x.txt", None),
            ("/a\\b.txt", None),
            ("/%00.js", None),
            ("*", None),
        ] {
            assert_eq!(locate(folder, path).as_deref(), wanted.map(Path::new), "{path}");
        }
    }

    proptest! {
        #[test]
        fn nothing_leads_out(path in "/?([a-z./\\\\:%]|%2e|%2f|%5c|\\.\\./){0,20}") {
            if let Some(found) = locate(Path::new("/ui"), &path) {
                prop_assert!(found.starts_with("/ui"));
                prop_assert!(!found.components().any(|part| part == Component::ParentDir));
            }
        }
    }
}
