//! Whose program connects: connections of other users of this computer are refused where the system
//! tells whose they are. Linux tells for TCP, every unix for unix sockets; macOS and Windows say nothing
//! of TCP.

#[cfg(target_os = "linux")]
mod diag;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
pub(crate) use linux::Peers;

/// What the system says of the program at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A user of this computer, by number.
    #[cfg(unix)]
    User(u32),
    /// The program has closed its end already, and nobody says whose it was.
    #[cfg(target_os = "linux")]
    Gone,
    /// Another machine, or a system that does not tell.
    Untold,
}

impl Owner {
    /// Whether its connection may be carried.
    ///
    /// # Errors
    /// Why not, in words.
    pub(crate) fn may_connect(self) -> Result<(), String> {
        match self {
            #[cfg(unix)]
            Self::User(uid) if uid != 0 && uid != rustix::process::geteuid().as_raw() => {
                Err(format!("refused: it came from another user of this computer{}", named(uid)))
            }
            #[cfg(unix)]
            Self::User(_) => Ok(()),
            #[cfg(target_os = "linux")]
            Self::Gone => {
                Err("refused: the program was gone before it could be told whose it was".into())
            }
            Self::Untold => Ok(()),
        }
    }
}

#[cfg(unix)]
fn named(uid: u32) -> String {
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    });
    name.map(|name| format!(", {name}")).unwrap_or_default()
}

/// Asks nobody.
#[cfg(not(target_os = "linux"))]
#[derive(Debug, Default)]
pub(crate) struct Peers;

#[cfg(not(target_os = "linux"))]
impl Peers {
    #[allow(clippy::unused_async, reason = "Linux waits here")]
    pub(crate) async fn owner(
        &self,
        _ours: std::net::SocketAddr,
        _theirs: std::net::SocketAddr,
    ) -> Owner {
        Owner::Untold
    }
}
