//! Writes `docs/backends/<kind>.md` for every backend; with `--check` only says whether they are fresh.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let is_check = std::env::args().any(|argument| argument == "--check");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/backends");
    match run(&folder, is_check) {
        Ok(stale) if stale.is_empty() => ExitCode::SUCCESS,
        Ok(stale) => {
            for path in stale {
                eprintln!("{} is not fresh: run `cargo xtask gen`", path.display());
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("cannot write {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path, is_check: bool) -> std::io::Result<Vec<PathBuf>> {
    if !is_check {
        std::fs::create_dir_all(folder)?;
    }
    let mut stale = Vec::new();
    for backend in backend_registry::all() {
        let descriptor = backend.descriptor();
        let path = folder.join(format!("{}.md", descriptor.kind));
        let page = backend_registry::page(&descriptor);
        if std::fs::read_to_string(&path).ok().as_deref() == Some(page.as_str()) {
            continue;
        }
        if is_check {
            stale.push(path);
        } else {
            std::fs::write(&path, page)?;
        }
    }
    Ok(stale)
}
