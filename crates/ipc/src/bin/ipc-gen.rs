//! Writes the generated files, or with `--check` says which are not fresh. Run through `cargo xtask gen`.

use std::{fs, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let is_check = std::env::args().any(|argument| argument == "--check");
    let mut stale = 0;
    for (path, text) in ipc::generated_files() {
        let path = Path::new(path);
        if fs::read_to_string(path).is_ok_and(|found| found == text) {
            continue;
        }
        stale += 1;
        if is_check {
            eprintln!("{} is not fresh: run `cargo xtask gen`", path.display());
            continue;
        }
        let written =
            path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
        if let Err(error) = written {
            eprintln!("cannot write {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
        println!("wrote {}", path.display());
    }
    if is_check && stale > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
