//! What stands before `via`: which kind of tunnel, and its two ends.

use super::{
    fields::{Part, split},
    problem,
};
use crate::{FieldProblem, TunnelPoint, TunnelRoute};

/// Where a listener on this computer is, unless it is said.
pub(in crate::tunnel) const LOCAL_HOST: &str = "127.0.0.1";
/// Where a listener on an SSH host is, unless it is said.
pub(in crate::tunnel) const REMOTE_HOST: &str = "localhost";
/// Of targets.
const NEAR: &str = "localhost";
const EVERYWHERE: &str = "0.0.0.0";
/// Of SOCKS proxies, unless it is said.
const SOCKS_PORT: u16 = 1080;

/// Which way a tunnel goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Local,
    Remote,
    Dynamic,
}

/// What is wrong with a part of the line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    field: &'static str,
    message: String,
    /// What could stand before `via`.
    instead: Option<String>,
}

impl Wrong {
    fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into(), instead: None }
    }

    fn instead(mut self, spec: impl Into<String>) -> Self {
        self.instead = Some(spec.into());
        self
    }

    /// As a problem of the whole line, whose text after `via` is `way`.
    pub(super) fn into_problem(self, way: &str) -> FieldProblem {
        let suggestion = self.instead.map(|spec| format!("{spec} via {way}"));
        problem(self.field, self.message, suggestion)
    }
}

/// Reads all that stands before `via`.
pub(super) fn read(text: &str) -> Result<TunnelRoute, Wrong> {
    let (first, rest) = match text.split_once(char::is_whitespace) {
        Some((first, rest)) => (first, rest.trim_start()),
        None => (text, ""),
    };
    match kind_of(first) {
        Some(Kind::Dynamic) if rest.is_empty() => {
            Ok(TunnelRoute::Dynamic { listen: tcp(LOCAL_HOST, SOCKS_PORT) })
        }
        Some(kind) => of_kind(kind, rest),
        None => match text.split_at_checked(2) {
            Some(("-L", rest)) => of_kind(Kind::Local, rest),
            Some(("-R", rest)) => of_kind(Kind::Remote, rest),
            Some(("-D", rest)) => of_kind(Kind::Dynamic, rest),
            _ => of_kind(Kind::Local, text),
        },
    }
}

fn kind_of(word: &str) -> Option<Kind> {
    match word.to_ascii_lowercase().as_str() {
        "local" => Some(Kind::Local),
        "remote" | "reverse" => Some(Kind::Remote),
        "socks" | "socks5" | "dynamic" | "proxy" => Some(Kind::Dynamic),
        _ => match word {
            "-L" => Some(Kind::Local),
            "-R" => Some(Kind::Remote),
            "-D" => Some(Kind::Dynamic),
            _ => None,
        },
    }
}

/// Reads the two ends of a tunnel of this kind.
pub(super) fn of_kind(kind: Kind, text: &str) -> Result<TunnelRoute, Wrong> {
    if text.is_empty() {
        return Err(Wrong::new("target", "say a port and where it leads").instead(match kind {
            Kind::Remote => "remote 9000:localhost:3000",
            Kind::Local | Kind::Dynamic => "8080:localhost:80",
        }));
    }
    let parts = split(text).map_err(|why| Wrong::new("target", why))?;
    if kind == Kind::Dynamic {
        return Ok(TunnelRoute::Dynamic { listen: proxy(&parts)? });
    }
    let (listen, target) = ends(kind, &parts)?;
    Ok(match kind {
        Kind::Remote => TunnelRoute::Remote { listen, target },
        Kind::Local | Kind::Dynamic => TunnelRoute::Local { listen, target },
    })
}

fn proxy(parts: &[Part]) -> Result<TunnelPoint, Wrong> {
    match parts {
        [port] if port.is_number() => listener(Kind::Dynamic, None, port),
        [host, port] => listener(Kind::Dynamic, Some(host), port),
        _ => Err(Wrong::new(
            "listen",
            "a SOCKS proxy listens at a port, or at an address and a port",
        )
        .instead("socks 1080")),
    }
}

fn ends(kind: Kind, parts: &[Part]) -> Result<(TunnelPoint, TunnelPoint), Wrong> {
    match parts {
        [path] if path.is_path() => {
            Err(Wrong::new("listen", "say a port or a socket to listen at before the path")
                .instead(spec(kind, &format!("8080:{}", super::escaped(&path.text)))))
        }
        [port] if port.is_number() => {
            Ok((listener(kind, None, port)?, tcp(NEAR, target_port(port)?)))
        }
        [host] => Err(Wrong::new("target.port", format!("say which port of \"{}\"", host.text))
            .instead(spec(kind, &format!("8080:{}:80", likely(host))))),
        [from, to] if from.is_path() && to.is_path() => Ok((unix(from)?, unix(to)?)),
        [from, to] if from.is_path() => Ok((unix(from)?, tcp(NEAR, target_port(to)?))),
        [from, to] if to.is_path() => Ok((listener(kind, None, from)?, unix(to)?)),
        [from, to] if from.is_number() && !from.has_brackets => {
            if !to.is_number() {
                return Err(no_target_port(kind, from, to));
            }
            Ok((listener(kind, None, from)?, tcp(NEAR, target_port(to)?)))
        }
        [host, port] => Ok((listener(kind, None, port)?, target(host, port)?)),
        [from, host, port] if from.is_path() => Ok((unix(from)?, target(host, port)?)),
        [host, port, to] if to.is_path() => Ok((listener(kind, Some(host), port)?, unix(to)?)),
        [from, host, port] if from.is_number() && !from.has_brackets => {
            Ok((listener(kind, None, from)?, target(host, port)?))
        }
        [host, from, to] => {
            Ok((listener(kind, Some(host), from)?, tcp(NEAR, target_port(to)?)))
        }
        [host, from, to, port] => Ok((listener(kind, Some(host), from)?, target(to, port)?)),
        _ => Err(Wrong::new("target", "there are more parts between colons than a tunnel has: put an IPv6 address into brackets")
            .instead(spec(kind, "8080:[fe80::1]:80"))),
    }
}

fn spec(kind: Kind, ends: &str) -> String {
    if kind == Kind::Remote { format!("remote {ends}") } else { ends.to_owned() }
}

fn no_target_port(kind: Kind, from: &Part, to: &Part) -> Wrong {
    let port = from.port().filter(|port| *port != 0).unwrap_or(8080);
    Wrong::new("target.port", format!("say which port of \"{}\"", to.text))
        .instead(spec(kind, &format!("{port}:{}:{port}", likely(to))))
}

/// The host of a line that is suggested.
fn likely(host: &Part) -> String {
    let is_good = checked_host(&host.text, "target.host").is_ok();
    super::escaped(if is_good { &host.text } else { NEAR })
}

fn listener(kind: Kind, host: Option<&Part>, port: &Part) -> Result<TunnelPoint, Wrong> {
    let host = match host.map(|host| host.text.as_str()) {
        None if kind == Kind::Remote => REMOTE_HOST,
        None => LOCAL_HOST,
        Some("" | "*") => EVERYWHERE,
        Some(host) => host,
    };
    checked_host(host, "listen.host")?;
    Ok(tcp(host, number(port, "listen.port")?))
}

fn target(host: &Part, port: &Part) -> Result<TunnelPoint, Wrong> {
    let port = target_port(port)?;
    checked_host(&host.text, "target.host")?;
    Ok(tcp(&host.text, port))
}

fn target_port(port: &Part) -> Result<u16, Wrong> {
    match number(port, "target.port")? {
        0 => Err(Wrong::new("target.port", "a tunnel cannot lead to port 0: enter 1 to 65535")),
        port => Ok(port),
    }
}

fn number(port: &Part, field: &'static str) -> Result<u16, Wrong> {
    port.port().ok_or_else(|| {
        let message = match port.text.as_str() {
            "" => "there is no port: enter 1 to 65535".to_owned(),
            text => format!("\"{text}\" is not the number of a port: enter 1 to 65535"),
        };
        Wrong::new(field, message)
    })
}

fn checked_host(host: &str, field: &'static str) -> Result<(), Wrong> {
    let is_bad =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '[' | ']' | '\\');
    if host.is_empty() || host.contains(is_bad) {
        return Err(Wrong::new(field, format!("\"{host}\" is not a name or an address")));
    }
    Ok(())
}

fn unix(part: &Part) -> Result<TunnelPoint, Wrong> {
    if part.text.contains('\0') {
        return Err(Wrong::new("target.path", "a path cannot hold a zero byte"));
    }
    Ok(TunnelPoint::Unix { path: part.text.clone() })
}

fn tcp(host: &str, port: u16) -> TunnelPoint {
    TunnelPoint::Tcp { host: host.to_owned(), port }
}
