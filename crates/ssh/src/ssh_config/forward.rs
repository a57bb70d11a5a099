//! `LocalForward`, `RemoteForward` and `DynamicForward`, read as OpenSSH reads them.

use std::path::PathBuf;

use model::{TunnelPoint, TunnelRoute};

/// A port forward that the configuration asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigForward {
    pub file: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// The line as it stands there, without the space around it.
    pub text: String,
    /// The line is for several hosts: it stands below a pattern, or below no `Host` line at all.
    pub is_shared: bool,
    /// Where it leads, or a sentence that says why it cannot be followed.
    pub route: Result<TunnelRoute, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Local,
    Remote,
    Dynamic,
}

/// One part between colons.
#[derive(Debug, PartialEq, Eq)]
struct Field {
    text: String,
    is_path: bool,
}

/// The route of a forwarding line. None when the keyword is another one.
pub(super) fn route(keyword: &str, arguments: &[String]) -> Option<Result<TunnelRoute, String>> {
    let kind = match keyword {
        "localforward" => Kind::Local,
        "remoteforward" => Kind::Remote,
        "dynamicforward" => Kind::Dynamic,
        _ => return None,
    };
    Some(read(kind, arguments))
}

fn read(kind: Kind, arguments: &[String]) -> Result<TunnelRoute, String> {
    let listen = arguments.first().map_or("", String::as_str);
    let target = arguments.get(1).map(String::as_str).unwrap_or_default();
    if let Some(word) = [listen, target].into_iter().find(|word| word.contains(['%', '$'])) {
        return Err(format!("\"{word}\" holds words that only OpenSSH replaces."));
    }
    if arguments.len() > if kind == Kind::Dynamic { 1 } else { 2 } {
        return Err("there is more on the line than a forward needs.".to_owned());
    }
    match (kind, target) {
        (Kind::Dynamic, _) => Ok(TunnelRoute::Dynamic { listen: proxy(&fields(listen)?)? }),
        (Kind::Remote, "") => {
            Err("a SOCKS proxy on the server is not among Moorline's tunnels.".to_owned())
        }
        (Kind::Local, "") => Err("it does not say where it leads.".to_owned()),
        (kind, target) => {
            let (listen, target) = ends(kind, &fields(&format!("{listen}:{target}"))?)?;
            Ok(match kind {
                Kind::Remote => TunnelRoute::Remote { listen, target },
                Kind::Local | Kind::Dynamic => TunnelRoute::Local { listen, target },
            })
        }
    }
}

/// Splits at colons; brackets keep those of an address together, a backslash takes the next character as
/// it is.
fn fields(text: &str) -> Result<Vec<Field>, String> {
    let bad = || format!("\"{text}\" is not a forward.");
    let mut fields = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let field;
        (field, rest) = match rest.strip_prefix('[') {
            Some(inner) => {
                let (inner, after) = inner.split_once(']').ok_or_else(bad)?;
                let is_path = inner.contains('/');
                let after = match after.strip_prefix(':') {
                    Some(after) => after,
                    None if after.is_empty() => after,
                    None => return Err(bad()),
                };
                (Field { text: inner.to_owned(), is_path }, after)
            }
            None => plain_field(rest).ok_or_else(bad)?,
        };
        fields.push(field);
    }
    Ok(fields)
}

fn plain_field(text: &str) -> Option<(Field, &str)> {
    let mut field = Field { text: String::new(), is_path: false };
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => field.text.push(chars.next()?.1),
            ':' => return Some((field, text.get(at + 1..)?)),
            c => {
                field.is_path |= c == '/';
                field.text.push(c);
            }
        }
    }
    Some((field, ""))
}

fn proxy(fields: &[Field]) -> Result<TunnelPoint, String> {
    match fields {
        [port] if !port.is_path => listen_tcp(Kind::Dynamic, None, port),
        [host, port] if !host.is_path && !port.is_path => {
            listen_tcp(Kind::Dynamic, Some(host), port)
        }
        [path] | [path, _] if path.is_path => {
            Err("a SOCKS proxy at a unix socket is not among Moorline's tunnels.".to_owned())
        }
        _ => Err("it does not say a port to listen at.".to_owned()),
    }
}

fn ends(kind: Kind, fields: &[Field]) -> Result<(TunnelPoint, TunnelPoint), String> {
    let unix = |field: &Field| TunnelPoint::Unix { path: field.text.clone() };
    match fields {
        [from, to] if from.is_path && to.is_path => Ok((unix(from), unix(to))),
        [port, to] if to.is_path => Ok((listen_tcp(kind, None, port)?, unix(to))),
        [from, host, port] if from.is_path => Ok((unix(from), target_tcp(host, port)?)),
        [host, port, to] if to.is_path => Ok((listen_tcp(kind, Some(host), port)?, unix(to))),
        [at, host, port] => Ok((listen_tcp(kind, None, at)?, target_tcp(host, port)?)),
        [from, at, host, port] => Ok((listen_tcp(kind, Some(from), at)?, target_tcp(host, port)?)),
        _ => Err("it is not of the form port host:port.".to_owned()),
    }
}

fn listen_tcp(kind: Kind, host: Option<&Field>, port: &Field) -> Result<TunnelPoint, String> {
    let host = match host.map(|host| host.text.as_str()) {
        None if kind == Kind::Remote => "localhost",
        None => "127.0.0.1",
        Some("" | "*") => "0.0.0.0",
        Some(host) => host,
    };
    let port = number(port)?;
    if port == 0 && kind != Kind::Remote {
        return Err("it does not say a port to listen at.".to_owned());
    }
    Ok(TunnelPoint::Tcp { host: host.to_owned(), port })
}

fn target_tcp(host: &Field, port: &Field) -> Result<TunnelPoint, String> {
    let number = number(port)?;
    if host.text.is_empty() || number == 0 {
        return Err("it does not say where it leads.".to_owned());
    }
    Ok(TunnelPoint::Tcp { host: host.text.clone(), port: number })
}

fn number(field: &Field) -> Result<u16, String> {
    field.text.parse().map_err(|_| format!("\"{}\" is not the number of a port.", field.text))
}

#[cfg(test)]
mod tests {
    use model::{TunnelPoint, TunnelRoute};
    use proptest::prelude::*;

    use super::route;

    fn read(keyword: &str, arguments: &[&str]) -> Result<String, String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let route = route(keyword, &arguments).unwrap()?;
        let target = route.target().map_or("socks".to_owned(), ToString::to_string);
        let side = if matches!(route, TunnelRoute::Remote { .. }) { "there " } else { "" };
        Ok(format!("{side}{} -> {target}", route.listen()))
    }

    #[test]
    fn forwards_are_read_in_every_form() {
        for (keyword, arguments, expected) in [
            ("localforward", vec!["8080", "db:5432"], "127.0.0.1:8080 -> db:5432"),
            ("localforward", vec!["*:8080", "db:5432"], "0.0.0.0:8080 -> db:5432"),
            ("localforward", vec![":8080", "db:5432"], "0.0.0.0:8080 -> db:5432"),
            ("localforward", vec!["[::1]:80", "[fe80::1]:443"], "[::1]:80 -> [fe80::1]:443"),
            ("localforward", vec!["127.77.0.1:5432", "db:5432"], "127.77.0.1:5432 -> db:5432"),
            ("localforward", vec!["8080", "/run/x.sock"], "127.0.0.1:8080 -> /run/x.sock"),
            ("localforward", vec!["/tmp/a", "/run/x.sock"], "/tmp/a -> /run/x.sock"),
            ("localforward", vec!["/tmp/a", "db:80"], "/tmp/a -> db:80"),
            ("localforward", vec![r"/tmp/a\:b", "db:80"], "/tmp/a:b -> db:80"),
            (
                "remoteforward",
                vec!["9000", "localhost:9001"],
                "there localhost:9000 -> localhost:9001",
            ),
            ("remoteforward", vec!["0", "localhost:9001"], "there localhost:0 -> localhost:9001"),
            ("remoteforward", vec!["/run/r", "h:1"], "there /run/r -> h:1"),
            ("dynamicforward", vec!["1080"], "127.0.0.1:1080 -> socks"),
            ("dynamicforward", vec!["[::1]:1080"], "[::1]:1080 -> socks"),
            ("dynamicforward", vec!["localhost:1080"], "localhost:1080 -> socks"),
        ] {
            assert_eq!(read(keyword, &arguments).as_deref(), Ok(expected), "{arguments:?}");
        }
    }

    #[test]
    fn what_cannot_be_followed_says_why() {
        for (keyword, arguments, expected) in [
            ("localforward", vec!["8080"], "where it leads"),
            ("localforward", vec!["8080", "db"], "not of the form"),
            ("localforward", vec!["http", "db:80"], "\"http\" is not the number"),
            ("localforward", vec!["0", "db:80"], "port to listen at"),
            ("localforward", vec!["80", "db:0"], "where it leads"),
            ("localforward", vec!["70000", "db:1"], "\"70000\" is not"),
            ("localforward", vec!["[::1:80", "db:1"], "is not a forward"),
            ("localforward", vec!["80", "db:1", "more"], "more on the line"),
            ("localforward", vec!["/run/%u", "db:1"], "only OpenSSH replaces"),
            ("remoteforward", vec!["1080"], "SOCKS proxy on the server"),
            ("dynamicforward", vec!["/run/s"], "at a unix socket"),
        ] {
            let why = read(keyword, &arguments).unwrap_err();
            assert!(why.contains(expected) && why.ends_with('.'), "{arguments:?}: {why}");
        }
        assert_eq!(route("user", &["x".into()]), None);
    }

    proptest! {
        #[test]
        fn noise_never_panics(words in prop::collection::vec("[a0-9:/*%.\\\\\\[\\] é]{0,20}", 0..4)) {
            for keyword in ["localforward", "remoteforward", "dynamicforward"] {
                let _ = route(keyword, &words);
            }
        }

        #[test]
        fn a_forward_that_is_written_is_read_back(
            host in "[a-z][a-z0-9.-]{0,20}", port in 1_u16.., target: std::net::IpAddr, to in 1_u16..,
        ) {
            let target = TunnelPoint::Tcp { host: target.to_string(), port: to };
            let listen = TunnelPoint::Tcp { host, port };
            let words = [listen.to_string(), target.to_string()];
            let read = route("localforward", &words).unwrap();
            prop_assert_eq!(read, Ok(TunnelRoute::Local { listen, target }));
        }
    }
}
