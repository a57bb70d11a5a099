//! The few pages of our own: why a request went nowhere, and what to do now.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

use crate::{guard::Refusal, head::BadHead};

/// How long the page about a silent service waits before it asks again, in seconds.
const RETRY_SECONDS: &str = "3";
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:18vh auto;padding:0 1em;\
color:#1c1f24;background:#f7f8fa}h1{font-size:1.25em}p{color:#4b5260}\
@media(prefers-color-scheme:dark){body{color:#e8eaee;background:#15171b}p{color:#a3abb8}}";

/// The reply to a request that goes nowhere.
pub(crate) fn refused(refusal: Refusal, label: &str) -> Response<Bytes> {
    let (status, title, text) = match refusal {
        Refusal::WrongHost => (
            StatusCode::MISDIRECTED_REQUEST,
            "This address leads nowhere".to_owned(),
            "The page you asked for is not served under this name. Open it from Moorline.".to_owned(),
        ),
        Refusal::NoSession => (
            StatusCode::UNAUTHORIZED,
            format!("{label} opens only from Moorline"),
            "This browser has no session for it. Open it from Moorline; that gives this browser a link \
             that works once."
                .to_owned(),
        ),
        Refusal::LinkEnded => (
            StatusCode::UNAUTHORIZED,
            "This link was used already, or its minute is over".to_owned(),
            format!("A link works once and for 60 seconds. Open {label} from Moorline again."),
        ),
        Refusal::ForeignPage => (
            StatusCode::FORBIDDEN,
            format!("Another page tried to reach {label}"),
            "Requests from pages of other origins are refused. To open it yourself, use Moorline.".to_owned(),
        ),
        Refusal::Method => (
            StatusCode::METHOD_NOT_ALLOWED,
            "This method is not carried".to_owned(),
            format!("{label} cannot be asked in this way through Moorline."),
        ),
        Refusal::NoSuchPage => (
            StatusCode::NOT_FOUND,
            "There is no such page".to_owned(),
            "Addresses below /.moorline/ belong to Moorline.".to_owned(),
        ),
    };
    page(status, &title, &text, "")
}

/// The reply when the service cannot be reached or broke off. A page asks again by itself; anything else
/// gets plain text.
pub(crate) fn unreachable(label: &str, reason: &str, wants_page: bool) -> Response<Bytes> {
    let title = format!("{label} does not answer");
    let text = format!("{reason}. This page tries again every {RETRY_SECONDS} seconds.");
    let mut reply = if wants_page {
        let again = format!("<meta http-equiv=\"refresh\" content=\"{RETRY_SECONDS}\">");
        page(StatusCode::BAD_GATEWAY, &title, &text, &again)
    } else {
        let body = Bytes::from(format!("{title}: {reason}\n"));
        own(StatusCode::BAD_GATEWAY, "text/plain; charset=utf-8", body)
    };
    reply.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    reply
}

/// The reply to a good link: the session, and on to the page. A link that another page led to needs a
/// page in between: the browser withholds a strict cookie until a page of this origin asks.
pub(crate) fn entered(path: &str, cookie: HeaderValue, needs_page: bool) -> Response<Bytes> {
    let mut reply = if needs_page {
        let go = format!("<meta http-equiv=\"refresh\" content=\"0;url={}\">", escape(path));
        page(StatusCode::OK, "Opening", "One moment.", &go)
    } else {
        let mut reply = own(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", Bytes::new());
        if let Ok(path) = HeaderValue::from_str(path) {
            reply.headers_mut().insert(header::LOCATION, path);
        }
        reply
    };
    reply.headers_mut().insert(header::SET_COOKIE, cookie);
    reply
}

/// The reply to what cannot be read as one request.
pub(crate) fn unreadable(reason: BadHead) -> Response<Bytes> {
    let (status, text) = match reason {
        BadHead::TooLong => (
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "Its head is too long. Clearing this site's cookies may help.",
        ),
        BadHead::NotHttp => (StatusCode::BAD_REQUEST, "It is not HTTP."),
        BadHead::Framing => (StatusCode::BAD_REQUEST, "It does not say clearly where it ends."),
    };
    page(status, "This request cannot be carried", text, "")
}

/// Writes a page of ours as it goes to the browser; without its body for HEAD.
pub(crate) fn write(reply: &Response<Bytes>, is_to_head: bool, is_kept: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(reply.status().as_str().as_bytes());
    out.extend_from_slice(b" ");
    out.extend_from_slice(reply.status().canonical_reason().unwrap_or_default().as_bytes());
    out.extend_from_slice(b"\r\n");
    for (name, value) in reply.headers() {
        for piece in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            out.extend_from_slice(piece);
        }
    }
    if !is_kept {
        out.extend_from_slice(b"connection: close\r\n");
    }
    out.extend_from_slice(format!("content-length: {}\r\n\r\n", reply.body().len()).as_bytes());
    if !is_to_head {
        out.extend_from_slice(reply.body());
    }
}

fn page(status: StatusCode, title: &str, text: &str, head: &str) -> Response<Bytes> {
    let (title, text) = (escape(title), escape(text));
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">{head}<title>{title}</title>\
         <style>{STYLE}</style><h1>{title}</h1><p>{text}</p></html>\n"
    );
    own(status, "text/html; charset=utf-8", Bytes::from(html))
}

fn own(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Bytes> {
    let mut reply = Response::new(body);
    *reply.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ] {
        reply.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    reply
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_become_markup() {
        assert_eq!(escape("<a href='x'>&\""), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
    }
}
