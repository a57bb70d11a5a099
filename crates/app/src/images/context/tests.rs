//! Folders packed and unpacked again, and ignore files of every shape.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use futures::StreamExt as _;
use proptest::prelude::*;

use super::ignore::Ignore;
use super::{Folder, pack_folder, pack_texts, read_folder};

fn write(root: &Path, path: &str, text: &str) {
    let full = root.join(path);
    std::fs::create_dir_all(full.parent().unwrap()).unwrap();
    std::fs::write(full, text).unwrap();
}

async fn unpacked(mut context: backend_api::BuildContext) -> BTreeMap<String, String> {
    let mut bytes = Vec::new();
    while let Some(piece) = context.next().await {
        bytes.extend_from_slice(&piece.unwrap());
    }
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(bytes.as_slice()).entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        let mut text = String::new();
        if let Some(target) = entry.link_name().unwrap() {
            text = format!("-> {}", target.display());
        } else {
            entry.read_to_string(&mut text).unwrap();
        }
        files.insert(path, text);
    }
    files
}

fn read(root: &Path, containerfile: &str) -> Folder {
    read_folder(root.to_str().unwrap(), containerfile).unwrap()
}

#[tokio::test]
async fn a_folder_is_sent_without_what_its_ignore_file_names() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "Containerfile", "FROM a\nCOPY . /\n");
    write(root, ".containerignore", "target\n*.log\nContainerfile\n");
    write(root, ".dockerignore", "src\n");
    write(root, "src/main.rs", "fn main() {}");
    write(root, "target/debug/big", &"x".repeat(1000));
    write(root, "a.log", "no");
    let read = read(root, "");
    assert_eq!(read.ignore_file, Some(".containerignore"));
    assert_eq!((read.files, read.left_out), (4, 3));
    let files = unpacked(pack_folder(read)).await;
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [".containerignore", ".dockerignore", "Containerfile", "src/", "src/main.rs"]
    );
    assert_eq!(files["Containerfile"], "FROM a\nCOPY . /\n");
}

/// Windows lets only administrators make one.
#[cfg(unix)]
#[tokio::test]
async fn a_link_stays_a_link() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "Containerfile", "FROM a\n");
    std::os::unix::fs::symlink("src/main.rs", folder.path().join("link")).unwrap();
    let files = unpacked(pack_folder(read(folder.path(), ""))).await;
    assert_eq!(files["link"], "-> src/main.rs");
}

#[tokio::test]
async fn long_names_and_large_files_survive() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("{}/{}", "d".repeat(90), "f".repeat(120));
    write(folder.path(), "Dockerfile", "FROM a\n");
    write(folder.path(), &long, &"0123456789".repeat(50_000));
    let files = unpacked(pack_folder(read(folder.path(), ""))).await;
    assert_eq!(files[&long].len(), 500_000);
}

#[tokio::test]
async fn a_file_that_goes_away_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "Containerfile", "FROM a\n");
    write(folder.path(), "gone", "x");
    let read = read(folder.path(), "");
    std::fs::remove_file(folder.path().join("gone")).unwrap();
    let pieces: Vec<_> = pack_folder(read).collect().await;
    let error = pieces.into_iter().find_map(Result::err).unwrap();
    assert!(error.to_string().starts_with("gone: "), "{error}");
}

#[tokio::test]
async fn texts_are_sent_and_scripts_can_run() {
    let files = unpacked(pack_texts(vec![("Containerfile".into(), "FROM a".into())])).await;
    assert_eq!(files["Containerfile"], "FROM a");
}

#[test]
fn a_folder_without_a_containerfile_says_where_to_put_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let failure = read_folder(path, "").unwrap_err();
    assert_eq!(failure.message, format!("{path} has no Containerfile or Dockerfile"));
    assert_eq!(failure.field.as_deref(), Some("containerfile"));
    assert!(read_folder(path, "../Containerfile").unwrap_err().message.contains("not inside"));
    assert_eq!(read_folder("api", "").unwrap_err().field.as_deref(), Some("path"));
    assert!(read_folder("/no/such/folder", "").is_err());
}

proptest! {
    #[test]
    fn no_ignore_file_panics_or_takes_long(text in "([a-z*?!/\\\\\\[\\]^ #.-]{0,24}\n){0,8}", path in "([a-z.]{1,6}/){0,6}[a-z.]{1,6}") {
        let _ = Ignore::parse(&text).leaves_out(&path);
    }

    #[test]
    fn a_path_is_matched_by_itself_and_by_its_folders(parts in proptest::collection::vec("[a-z]{1,5}", 1..6), cut in 1usize..6) {
        let path = parts.join("/");
        let folder = parts[..cut.min(parts.len())].join("/");
        prop_assert!(Ignore::parse(&folder).leaves_out(&path));
        let slashes = format!("/{folder}/");
        prop_assert!(Ignore::parse(&slashes).leaves_out(&path));
        let deep = format!("**/{}", parts.last().unwrap());
        prop_assert!(Ignore::parse(&deep).leaves_out(&path));
        let back = format!("{folder}\n!{path}\n");
        prop_assert!(!Ignore::parse(&back).leaves_out(&path));
    }

    #[test]
    fn a_star_stays_within_a_name(name in "[a-z]{1,6}", below in "[a-z]{1,6}") {
        prop_assert!(Ignore::parse("*").leaves_out(&name));
        let path = format!("{name}/{below}");
        let pattern = format!("*{below}");
        prop_assert!(!Ignore::parse(&pattern).leaves_out(&path) || name.ends_with(&below));
    }
}
