//! Reads a link. Whatever is not exactly of one of these forms is refused with a reason:
//!
//! `moorline://workspace/CONNECTION/WORKSPACE`, `moorline://connection/CONNECTION`,
//! `moorline://tunnel/TUNNEL`, `moorline://lab/CONNECTION/LAB`,
//! `moorline://add-connection?host=HOST[&port=PORT][&user=USER][&name=NAME]`.

use std::collections::BTreeMap;

/// How every link of ours begins.
pub const SCHEME: &str = "moorline:";

/// No honest link is longer.
const LONGEST: usize = 1024;
/// Names are no longer anywhere else either.
const LONGEST_NAME: usize = 128;
const LONGEST_HOST: usize = 253;
const SSH_PORT: u16 = 22;

/// What a link says, before anybody looked whether such things exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Link {
    Workspace { connection: String, workspace: String },
    Connection { connection: String },
    Tunnel { tunnel: String },
    Lab { connection: String, lab: String },
    AddConnection { name: Option<String>, host: String, port: u16, user: Option<String> },
}

/// Reads a link, or says in a sentence why it is none.
pub(crate) fn parse(text: &str) -> Result<Link, String> {
    if text.len() > LONGEST {
        return Err(format!("the link is longer than {LONGEST} characters"));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("the link holds characters that no link may hold".into());
    }
    let rest = text
        .strip_prefix("moorline://")
        .ok_or_else(|| "the link does not begin with moorline://".to_owned())?;
    if rest.contains('#') {
        return Err("the link has a part after #, which none of ours has".into());
    }
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    // Browsers and desktops add a slash to a link without a path.
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut parts = path.split('/');
    let verb = parts.next().unwrap_or_default();
    let parts = parts.map(|part| name(part, "name")).collect::<Result<Vec<_>, _>>()?;
    match (verb, parts.as_slice(), query) {
        ("workspace", [connection, workspace], None) => {
            Ok(Link::Workspace { connection: connection.clone(), workspace: workspace.clone() })
        }
        ("connection", [connection], None) => {
            Ok(Link::Connection { connection: connection.clone() })
        }
        ("tunnel", [tunnel], None) => Ok(Link::Tunnel { tunnel: tunnel.clone() }),
        ("lab", [connection, lab], None) => {
            Ok(Link::Lab { connection: connection.clone(), lab: lab.clone() })
        }
        ("add-connection", [], Some(query)) => add_connection(query),
        ("workspace" | "connection" | "tunnel" | "lab" | "add-connection", _, _) => {
            Err(format!("a {verb} link has other parts than this one"))
        }
        _ => Err("the link asks for something that this Moorline does not know".into()),
    }
}

fn add_connection(query: &str) -> Result<Link, String> {
    let mut values = values(query)?;
    let host = values.remove("host").ok_or_else(|| "the link names no host".to_owned())?;
    let port = match values.remove("port") {
        Some(port) => self::port(&port)?,
        None => SSH_PORT,
    };
    let user = values.remove("user").map(|user| self::user(&user)).transpose()?;
    let name = values.remove("name");
    match values.keys().next() {
        Some(unknown) => Err(format!("the link sets {unknown}, which no link may set")),
        None => Ok(Link::AddConnection { name, host: self::host(&host)?, port, user }),
    }
}

/// The values by name, each once.
fn values(query: &str) -> Result<BTreeMap<String, String>, String> {
    let mut values = BTreeMap::new();
    for pair in query.split('&') {
        let (key, value) =
            pair.split_once('=').ok_or_else(|| "a value of the link has no name".to_owned())?;
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Err("a value of the link has a name that none of ours has".into());
        }
        if values.insert(key.to_owned(), name(value, key)?).is_some() {
            return Err(format!("the link sets {key} twice"));
        }
    }
    Ok(values)
}

/// A name as it is written in a link: percent-encoded text without anything that is not seen.
fn name(encoded: &str, what: &str) -> Result<String, String> {
    let text = decode(encoded).ok_or_else(|| format!("the {what} in the link is not readable"))?;
    if text.is_empty() || text.chars().count() > LONGEST_NAME * 2 {
        return Err(format!("the {what} in the link is empty or too long"));
    }
    if text.trim() != text || text.chars().any(is_unseen) {
        return Err(format!("the {what} in the link holds characters that cannot be seen"));
    }
    Ok(text)
}

/// Control characters, and those that turn or hide the text around them.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => bytes.push(hex(rest.next()?)? * 16 + hex(rest.next()?)?),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => bytes.push(byte),
            b'-' | b'.' | b'_' | b'~' | b':' | b'@' | b'!' | b'*' | b'(' | b')' | b'\'' | b',' => {
                bytes.push(byte);
            }
            _ => return None,
        }
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// A host name or an address; nothing that a program could take for an option or a path.
fn host(text: &str) -> Result<String, String> {
    let is_address = text.parse::<std::net::IpAddr>().is_ok();
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if is_address || (text.len() <= LONGEST_HOST && text.split('.').all(is_label)) {
        return Ok(text.to_owned());
    }
    Err(format!("\"{text}\" is neither a host name nor an address"))
}

fn port(text: &str) -> Result<u16, String> {
    let is_number = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    let port = if is_number { text.parse().ok() } else { None };
    port.ok_or_else(|| format!("\"{text}\" is not a port"))
}

/// A login name: letters, digits and a few signs, not beginning like an option.
fn user(text: &str) -> Result<String, String> {
    let is_fine = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@' | b'\\')
    };
    if text.len() <= LONGEST_NAME && !text.starts_with('-') && text.bytes().all(is_fine) {
        return Ok(text.to_owned());
    }
    Err(format!("\"{text}\" is not a user name"))
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
