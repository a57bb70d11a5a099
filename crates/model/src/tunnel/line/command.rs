//! A pasted command line of OpenSSH: `ssh -N -L 8080:db:5432 -J jump user@host`.
//!
//! Options that change nothing for a tunnel are passed over. Those that would are never left out silently.

use super::{
    TunnelLine, TypedWay, problem,
    spec::{Kind, of_kind},
    words,
};
use crate::{FieldProblem, TunnelRoute};

/// Without a value: no terminal, no command, verbosity, addresses of one kind, compression.
const HARMLESS: &str = "NTfnqvxaCt46yMk";
/// With a value, and of no meaning here: log file, escape character, ciphers, MACs.
const HARMLESS_WITH_VALUE: &str = "Eecm";
/// What takes a value in OpenSSH.
const WITH_VALUE: &str = "BDEFIJLOPQRSWbceilmopw";
/// Settings that Moorline has its own way for.
const HARMLESS_SETTINGS: &[&str] = &[
    "batchmode",
    "compression",
    "connectionattempts",
    "connecttimeout",
    "exitonforwardfailure",
    "loglevel",
    "requesttty",
    "serveralivecountmax",
    "serveraliveinterval",
    "sessiontype",
    "streamlocalbindunlink",
    "tcpkeepalive",
];

/// True for a line that begins with a call of ssh.
pub(super) fn is_command(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let program = words.next().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let is_ssh = ["ssh", "ssh.exe", "autossh"].contains(&program.to_ascii_lowercase().as_str());
    is_ssh && words.next().is_some_and(|word| !word.eq_ignore_ascii_case("via"))
}

/// Reads such a line.
pub(super) fn read(line: &str) -> Result<TunnelLine, FieldProblem> {
    let words = words::split(line).map_err(|why| problem("target", why, None))?;
    let mut call = Call::default();
    let mut rest = words.into_iter().skip(1);
    while let Some(word) = rest.next() {
        match word.strip_prefix('-') {
            _ if call.is_over || !word.starts_with('-') => call.plain(word),
            Some("-") => call.is_over = true,
            Some(letters) if !letters.is_empty() => call.options(letters, &mut rest)?,
            _ => call.unknown.push(word),
        }
    }
    call.line()
}

/// What the words of a call say.
#[derive(Default)]
struct Call {
    routes: Vec<TunnelRoute>,
    user: Option<String>,
    port: Option<String>,
    jumps: Vec<String>,
    destination: Option<String>,
    /// Everything behind the destination is a command, or more options.
    command: Vec<String>,
    unknown: Vec<String>,
    is_over: bool,
}

impl Call {
    fn plain(&mut self, word: String) {
        match &self.destination {
            None => self.destination = Some(word),
            Some(_) => {
                self.command.push(word);
                self.is_over = true;
            }
        }
    }

    /// Reads letters behind one dash; the last may have its value with it or behind it.
    fn options(
        &mut self,
        letters: &str,
        rest: &mut impl Iterator<Item = String>,
    ) -> Result<(), FieldProblem> {
        for (at, letter) in letters.char_indices() {
            if !WITH_VALUE.contains(letter) {
                if !HARMLESS.contains(letter) {
                    self.unknown.push(format!("-{letter}"));
                }
                continue;
            }
            let joined = letters.get(at + letter.len_utf8()..).unwrap_or_default();
            let value = if joined.is_empty() { rest.next() } else { Some(joined.to_owned()) };
            let missing = || problem("target", format!("there is nothing behind -{letter}"), None);
            return self.option(letter, value.ok_or_else(missing)?);
        }
        Ok(())
    }

    fn option(&mut self, letter: char, value: String) -> Result<(), FieldProblem> {
        match letter {
            'L' => self.route(Kind::Local, &value)?,
            'R' => self.route(Kind::Remote, &value)?,
            'D' => self.route(Kind::Dynamic, &value)?,
            'J' if value.eq_ignore_ascii_case("none") => self.jumps.clear(),
            'J' => self.jumps = value.split(',').map(plain_address).collect(),
            'l' => self.user = Some(value),
            'p' => self.port = Some(value),
            'o' => self.setting(&value)?,
            _ if HARMLESS_WITH_VALUE.contains(letter) => {}
            _ => self.unknown.push(format!("-{letter} {value}")),
        }
        Ok(())
    }

    fn setting(&mut self, setting: &str) -> Result<(), FieldProblem> {
        let (name, value) = setting.split_once(['=', ' ']).unwrap_or((setting, ""));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        match name.as_str() {
            "port" => self.port = Some(value.to_owned()),
            "user" => self.user = Some(value.to_owned()),
            "proxyjump" => self.option('J', value.to_owned())?,
            "dynamicforward" => self.route(Kind::Dynamic, value)?,
            "localforward" => self.route(Kind::Local, &joined(value))?,
            "remoteforward" => self.route(Kind::Remote, &joined(value))?,
            _ if HARMLESS_SETTINGS.contains(&name.as_str()) => {}
            _ => self.unknown.push(format!("-o {setting}")),
        }
        Ok(())
    }

    fn route(&mut self, kind: Kind, value: &str) -> Result<(), FieldProblem> {
        let is_proxy_there = kind == Kind::Remote && !value.contains(':');
        if is_proxy_there {
            let message = "a SOCKS proxy on the SSH host is not among Moorline's tunnels";
            return Err(problem("target", message, None));
        }
        let destination = self.destination.as_deref().map(plain_address).unwrap_or_default();
        let mut wrong = of_kind(kind, value).map_err(|wrong| wrong.into_problem(&destination));
        if let (Err(wrong), true) = (&mut wrong, destination.is_empty()) {
            wrong.suggestion = None;
        }
        self.routes.push(wrong?);
        Ok(())
    }

    fn line(mut self) -> Result<TunnelLine, FieldProblem> {
        let Some(name) = self.name() else {
            return Err(problem(
                "through",
                "the command does not say which host to log in to",
                None,
            ));
        };
        let way = TypedWay { name, jumps: std::mem::take(&mut self.jumps) };
        let mut routes = std::mem::take(&mut self.routes).into_iter();
        let Some(route) = routes.next() else {
            let example = format!("8080:localhost:80 via {}", way.name);
            let message = "the command has no forward: add -L, -R or -D";
            return Err(problem("target", message, Some(example)));
        };
        let line = TunnelLine { route, way };
        let more = routes.count();
        if more > 0 {
            let message = format!("each tunnel has one forward, and this command has {}", more + 1);
            return Err(problem("target", message, Some(line.to_string())));
        }
        if let Some(what) = self.left_over() {
            return Err(problem("target", what, Some(line.to_string())));
        }
        Ok(line)
    }

    /// What would be lost.
    fn left_over(&self) -> Option<String> {
        if !self.unknown.is_empty() {
            let options = self.unknown.join(", ");
            return Some(format!("Moorline does not take over {options}: set the host up for it"));
        }
        if !self.command.is_empty() {
            return Some(format!("a tunnel runs no command: \"{}\"", self.command.join(" ")));
        }
        None
    }

    /// User, host and port as one.
    fn name(&self) -> Option<String> {
        let destination = plain_address(self.destination.as_deref()?);
        if destination.is_empty() {
            return None;
        }
        let name = match &self.user {
            Some(user) if !destination.contains('@') => format!("{user}@{destination}"),
            _ => destination,
        };
        let host = name.rsplit('@').next().unwrap_or_default();
        let has_port = host
            .rsplit_once(':')
            .is_some_and(|(before, _)| before.ends_with(']') || !before.contains(':'));
        Some(match &self.port {
            Some(port) if !has_port && host.contains(':') && !host.starts_with('[') => {
                format!("{}[{host}]:{port}", name.strip_suffix(host).unwrap_or_default())
            }
            Some(port) if !has_port => format!("{name}:{port}"),
            _ => name,
        })
    }
}

/// `ssh://user@host:port/` is `user@host:port`.
fn plain_address(text: &str) -> String {
    let text = text.trim();
    match text.strip_prefix("ssh://") {
        Some(rest) => rest.trim_end_matches('/').to_owned(),
        None => text.to_owned(),
    }
}

/// In a setting, a space stands between the two ends.
fn joined(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(":")
}
