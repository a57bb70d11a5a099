//! Lists the language files, so that a second language is only a file.

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=languages");
    let mut lines = Vec::new();
    for entry in fs::read_dir("languages")? {
        let path = fs::canonicalize(entry?.path())?;
        let tag = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        lines.push(format!("    ({tag:?}, include_str!({:?})),\n", path.display().to_string()));
    }
    lines.sort();
    let folder = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(folder.join("languages.rs"), format!("&[\n{}]\n", lines.concat()))
}
