//! Unix sockets: a path that only its owner may use, and that is gone when nobody listens.
//!
//! A file that somebody else made is never touched. A socket of ours that nobody answers at is a leftover
//! and makes room.

use std::{
    fs, io,
    os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use socket2::{Domain, SockAddr, Socket, Type};
use tokio::net::UnixListener;

use crate::{BindProblem, bind::BACKLOG};

/// A listener whose file goes with it.
#[derive(Debug)]
pub(crate) struct UnixPoint {
    pub(crate) listener: UnixListener,
    pub(crate) path: PathBuf,
    file: (u64, u64),
}

impl Drop for UnixPoint {
    fn drop(&mut self) {
        // Somebody may have put another file there since.
        if identity(&self.path).is_ok_and(|file| file == self.file) {
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Listens at a path.
pub(crate) fn bind(path: &str) -> Result<UnixPoint, BindProblem> {
    let file = Path::new(path);
    if !file.is_absolute() {
        return Err(BindProblem::Unusable("the path does not begin with a slash"));
    }
    let address = SockAddr::unix(file)
        .map_err(|_| BindProblem::Unusable("the path is too long for a unix socket"))?;
    if !file.parent().is_some_and(Path::is_dir) {
        return Err(BindProblem::Unusable("its folder does not exist"));
    }
    make_room(file, &address)?;
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None).map_err(BindProblem::Other)?;
    socket.bind(&address).map_err(|error| problem(path, error))?;
    listen(file, socket).map_err(|error| {
        drop(fs::remove_file(file));
        BindProblem::Other(error)
    })
}

/// Until `listen`, nobody can connect: the rights are in place before.
fn listen(file: &Path, socket: Socket) -> io::Result<UnixPoint> {
    fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    let listener = UnixListener::from_std(socket.into())?;
    Ok(UnixPoint { listener, path: file.to_owned(), file: identity(file)? })
}

/// Takes away a socket that was left over.
fn make_room(file: &Path, address: &SockAddr) -> Result<(), BindProblem> {
    let Ok(found) = fs::symlink_metadata(file) else { return Ok(()) };
    if !found.file_type().is_socket() {
        return Err(BindProblem::Unusable("there is a file that is not a socket"));
    }
    if is_answered(address) || found.uid() != rustix::process::geteuid().as_raw() {
        return Err(taken(&file.to_string_lossy()));
    }
    if identity(file).is_ok_and(|now| now == (found.dev(), found.ino())) {
        fs::remove_file(file).map_err(BindProblem::Other)?;
    }
    Ok(())
}

/// A full queue answers too: only a refusal means that nobody is there.
fn is_answered(address: &SockAddr) -> bool {
    let Ok(socket) = Socket::new(Domain::UNIX, Type::STREAM, None) else { return true };
    if socket.set_nonblocking(true).is_err() {
        return true;
    }
    !socket.connect(address).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

fn problem(path: &str, error: io::Error) -> BindProblem {
    match error.kind() {
        io::ErrorKind::AddrInUse => taken(path),
        io::ErrorKind::PermissionDenied => {
            BindProblem::Unusable("this user may not make files in that folder")
        }
        _ => BindProblem::Other(error),
    }
}

fn taken(path: &str) -> BindProblem {
    #[cfg(target_os = "linux")]
    let holder = crate::holder::of_path(path);
    #[cfg(not(target_os = "linux"))]
    let (holder, _) = (None, path);
    BindProblem::Taken { holder, free_port: None }
}

fn identity(file: &Path) -> io::Result<(u64, u64)> {
    let found = fs::symlink_metadata(file)?;
    Ok((found.dev(), found.ino()))
}
