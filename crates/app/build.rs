//! Lists the language files, so that a second language is only a file.

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=languages");
    let mut lines = Vec::new();
    for entry in fs::read_dir("languages")? {
        let path = entry?.path();
        let tag = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // Named from the crate's folder, so that a checkout at another place finds its own files.
        let name = format!("/{}", path.display().to_string().replace('\\', "/"));
        lines.push(format!(
            "    ({tag:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {name:?}))),\n"
        ));
    }
    lines.sort();
    let folder = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(folder.join("languages.rs"), format!("&[\n{}]\n", lines.concat()))
}
