//! The programs of a session without a terminal: `cat`, `cat FILE`, `ls -ln FILE`, `id -un`.

use std::sync::Arc;

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::files;
use super::state::{Server, StoredFile};

/// Reads the session's input to its end, then writes what its program prints as frames.
pub(super) async fn run(server: Arc<Server>, id: String, upgrade: OnUpgrade) {
    let Ok(upgraded) = upgrade.await else { return };
    let (mut reader, mut writer) = tokio::io::split(TokioIo::new(upgraded));
    let Some((container, command, user, has_input)) = server.state().session(&id).map(|session| {
        (
            session.container.clone(),
            session.command.clone(),
            session.user.clone(),
            session.has_input,
        )
    }) else {
        return;
    };
    let mut input = Vec::new();
    if has_input && reader.read_to_end(&mut input).await.is_err() {
        return;
    }
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    let (fd, printed, exit_code) = match words.as_slice() {
        ["cat"] => (1, input, 0),
        ["cat", path] => match files::file(&server, &container, path) {
            Some(file) => (1, file.contents, 0),
            None => (2, format!("cat: can't open '{path}'").into_bytes(), 1),
        },
        ["ls", "-ln", path] => match files::file(&server, &container, path) {
            Some(file) => (1, listed(path, &file).into_bytes(), 0),
            None => (2, format!("ls: {path}").into_bytes(), 1),
        },
        ["id", "-un"] => (1, format!("{user}\n").into_bytes(), 0),
        _ => (2, b"executable file not found in $PATH".to_vec(), 127),
    };
    server.change(|state| {
        if let Some(session) = state.session(&id) {
            (session.is_running, session.exit_code) = (false, exit_code);
        }
    });
    let length = u32::try_from(printed.len()).unwrap_or_default().to_be_bytes();
    let frame = [&[fd, 0, 0, 0], &length[..], &printed].concat();
    let _ = writer.write_all(&frame).await;
    let _ = writer.shutdown().await;
}

fn listed(path: &str, file: &StoredFile) -> String {
    let bits = "rwxrwxrwx".chars().enumerate();
    let mode: String =
        bits.map(|(at, bit)| if file.mode & (0o400 >> at) == 0 { '-' } else { bit }).collect();
    format!("-{mode} 1 {} {} {} {path}\n", file.uid, file.gid, file.contents.len())
}
