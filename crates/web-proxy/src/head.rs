//! Heads of HTTP/1.1 messages: where one ends, what its fields say, and how the body after it is framed.
//!
//! Parsed in place by httparse. Whatever could be read in two ways is refused, so that no request can
//! hide another one. Deliberately not here: what becomes of the fields (`headers`).

use std::mem::MaybeUninit;

use httparse::Status;

/// A head beyond this many bytes is refused.
pub(crate) const MOST_HEAD_BYTES: usize = 64 * 1024;
const MOST_FIELDS: usize = 128;

/// Memory for the fields of one head.
pub(crate) type Room<'a> = [MaybeUninit<httparse::Header<'a>>; MOST_FIELDS];

/// Fresh memory for fields.
pub(crate) const fn room<'a>() -> Room<'a> {
    [const { MaybeUninit::uninit() }; MOST_FIELDS]
}

/// Why a head is not carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadHead {
    TooLong,
    NotHttp,
    /// Its length is said in two ways, or in one that cannot be.
    Framing,
}

/// How the body after a head ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    None,
    Length(u64),
    Chunked,
    /// With the connection; only replies may.
    UntilClose,
}

/// The fields of a head in their order, names as they came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a [httparse::Header<'a>]);

impl<'a> Fields<'a> {
    /// The values of all fields of this name.
    pub(crate) fn all(self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let wanted = name.as_bytes();
        let named = move |field: &&httparse::Header<'a>| is(field.name, wanted);
        self.0.iter().filter(named).map(|field| field.value)
    }

    /// The value of the first field of this name.
    pub(crate) fn first(self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// The words of all `Connection` fields.
    pub(crate) fn connection_words(self) -> impl Iterator<Item = &'a [u8]> {
        self.all("connection").flat_map(words)
    }

    fn says(self, word: &str) -> bool {
        self.connection_words().any(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// What `Content-Length` and `Transfer-Encoding` say; none when they are absent.
    fn framing(self) -> Result<Option<Framing>, BadHead> {
        let mut lengths = self.all("content-length");
        let mut encodings = self.all("transfer-encoding");
        let (length, encoding) = (lengths.next(), encodings.next());
        if lengths.next().is_some() || encodings.next().is_some() {
            return Err(BadHead::Framing);
        }
        match (length, encoding) {
            (None, None) => Ok(None),
            (Some(digits), None) => number(digits).map(|length| Some(Framing::Length(length))),
            (None, Some(coding)) if coding.eq_ignore_ascii_case(b"chunked") => {
                Ok(Some(Framing::Chunked))
            }
            _ => Err(BadHead::Framing),
        }
    }
}

/// Whether a field's name is this one, which is given in lower case.
fn is(name: &str, wanted: &[u8]) -> bool {
    name.len() == wanted.len() && name.as_bytes().eq_ignore_ascii_case(wanted)
}

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

fn number(digits: &[u8]) -> Result<u64, BadHead> {
    let is_plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(digits).ok().filter(|_| is_plain);
    text.and_then(|text| text.parse().ok()).ok_or(BadHead::Framing)
}

/// The head of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestHead<'a> {
    pub(crate) method: &'a str,
    /// Path and query, or a whole address, or `*`.
    pub(crate) target: &'a str,
    pub(crate) fields: Fields<'a>,
    pub(crate) is_http_11: bool,
}

/// Parses a request's head. None when it is not all there; else the head and its length.
pub(crate) fn request<'a>(
    bytes: &'a [u8],
    room: &'a mut Room<'a>,
) -> Result<Option<(RequestHead<'a>, usize)>, BadHead> {
    let mut parsed = httparse::Request::new(&mut []);
    let length = match parsed.parse_with_uninit_headers(bytes, room).map_err(bad)? {
        Status::Complete(length) => length,
        Status::Partial => return if_short(bytes),
    };
    let (Some(method), Some(target), Some(version)) = (parsed.method, parsed.path, parsed.version)
    else {
        return Err(BadHead::NotHttp);
    };
    let fields = Fields(parsed.headers);
    Ok(Some((RequestHead { method, target, fields, is_http_11: version == 1 }, length)))
}

impl<'a> RequestHead<'a> {
    /// How the body is framed.
    pub(crate) fn framing(self) -> Result<Framing, BadHead> {
        let framing = self.fields.framing()?.unwrap_or(Framing::None);
        let is_impossible = framing == Framing::Chunked && !self.is_http_11;
        if is_impossible { Err(BadHead::Framing) } else { Ok(framing) }
    }

    /// Whether the connection is kept for another request.
    pub(crate) fn is_kept(self) -> bool {
        self.is_http_11 && !self.fields.says("close")
    }

    /// Whether asking twice does no harm.
    pub(crate) fn is_safe(self) -> bool {
        matches!(self.method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }

    /// The authority of a target that is a whole address, and what follows it.
    pub(crate) fn absolute(self) -> Option<(&'a str, &'a str)> {
        let (scheme, rest) = self.target.split_once("://")?;
        let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        is_web.then(|| rest.split_at(end))
    }

    /// Path and query, whatever form the target has.
    pub(crate) fn path_and_query(self) -> &'a str {
        match self.absolute() {
            Some((_, "")) => "/",
            Some((_, rest)) => rest,
            None => self.target,
        }
    }
}

/// The head of a reply.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReplyHead<'a> {
    pub(crate) status: u16,
    pub(crate) reason: &'a str,
    pub(crate) fields: Fields<'a>,
    is_http_11: bool,
}

/// Parses a reply's head. None when it is not all there; else the head and its length.
pub(crate) fn reply<'a>(
    bytes: &'a [u8],
    room: &'a mut Room<'a>,
) -> Result<Option<(ReplyHead<'a>, usize)>, BadHead> {
    let mut parsed = httparse::Response::new(&mut []);
    let config = httparse::ParserConfig::default();
    let outcome = config.parse_response_with_uninit_headers(&mut parsed, bytes, room);
    let length = match outcome.map_err(bad)? {
        Status::Complete(length) => length,
        Status::Partial => return if_short(bytes),
    };
    let (Some(status), Some(version)) = (parsed.code, parsed.version) else {
        return Err(BadHead::NotHttp);
    };
    let reason = parsed.reason.unwrap_or_default();
    let fields = Fields(parsed.headers);
    Ok(Some((ReplyHead { status, reason, fields, is_http_11: version == 1 }, length)))
}

impl ReplyHead<'_> {
    /// How the body is framed, for a reply to HEAD when `is_to_head`.
    pub(crate) fn framing(self, is_to_head: bool) -> Result<Framing, BadHead> {
        let said = self.fields.framing()?;
        if is_to_head || matches!(self.status, 100..=199 | 204 | 304) {
            return Ok(Framing::None);
        }
        Ok(said.unwrap_or(Framing::UntilClose))
    }

    /// Whether the service keeps the connection for another request.
    pub(crate) fn is_kept(self) -> bool {
        self.is_http_11 && !self.fields.says("close")
    }
}

fn bad(error: httparse::Error) -> BadHead {
    if error == httparse::Error::TooManyHeaders { BadHead::TooLong } else { BadHead::NotHttp }
}

fn if_short<T>(bytes: &[u8]) -> Result<Option<T>, BadHead> {
    if bytes.len() < MOST_HEAD_BYTES { Ok(None) } else { Err(BadHead::TooLong) }
}

#[cfg(test)]
#[path = "head_tests.rs"]
mod tests;
