//! The parts between colons, as OpenSSH splits them: brackets keep an address together, a backslash takes
//! the next character as it is.

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) has_brackets: bool,
}

impl Part {
    /// True for the path of a unix socket.
    pub(super) fn is_path(&self) -> bool {
        !self.has_brackets && self.text.starts_with('/')
    }

    /// The number of a port, when it is one. 0 is one too.
    pub(super) fn port(&self) -> Option<u16> {
        let is_number =
            !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit());
        if self.has_brackets || !is_number { None } else { self.text.parse().ok() }
    }

    /// True for digits, whether or not there is such a port.
    pub(super) fn is_number(&self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Splits `text`.
///
/// # Errors
/// A sentence about what is wrong.
pub(super) fn split(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut rest = Some(text);
    while let Some(from) = rest {
        let part;
        (part, rest) = match from.strip_prefix('[') {
            Some(inner) => in_brackets(inner)?,
            None => plain(from)?,
        };
        parts.push(part);
    }
    Ok(parts)
}

fn in_brackets(text: &str) -> Result<(Part, Option<&str>), String> {
    let unclosed = || format!("the bracket before \"{text}\" is not closed");
    let (inner, after) = text.split_once(']').ok_or_else(unclosed)?;
    let part = Part { text: inner.to_owned(), has_brackets: true };
    match after.strip_prefix(':') {
        Some(rest) => Ok((part, Some(rest))),
        None if after.is_empty() => Ok((part, None)),
        None => Err(format!("there is no colon between \"[{inner}]\" and \"{after}\"")),
    }
}

fn plain(text: &str) -> Result<(Part, Option<&str>), String> {
    let mut part = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, taken)) => part.push(taken),
                None => return Err("there is nothing behind the last backslash".to_owned()),
            },
            ':' => {
                let rest = text.get(at + 1..).unwrap_or_default();
                return Ok((Part { text: part, has_brackets: false }, Some(rest)));
            }
            c if c.is_whitespace() => {
                return Err(format!("there is a space in \"{text}\": put a backslash before it"));
            }
            c => part.push(c),
        }
    }
    Ok((Part { text: part, has_brackets: false }, None))
}

/// A part written so that it is read as this text.
pub(in crate::tunnel) fn escaped(text: &str) -> String {
    if !text.starts_with('/') && text.contains(':') && !text.contains([']', '\\']) {
        return format!("[{text}]");
    }
    let mut written = String::new();
    for c in text.chars() {
        let is_special = matches!(c, '\\' | ':') || c.is_whitespace();
        let is_special = is_special || (c == '[' && written.is_empty());
        if is_special {
            written.push('\\');
        }
        written.push(c);
    }
    written
}
