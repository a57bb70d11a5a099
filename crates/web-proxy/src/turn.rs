//! What a request and its reply mean for the exchange: pure, from bytes to decisions.

use std::time::Instant;

use bytes::Bytes;
use http::Response;

use crate::{
    guard::{self, Refusal, Verdict},
    head::{self, BadHead, Framing, RequestHead},
    headers::{self, Reply},
    pages,
    service::Service,
};

/// What is to be done about a request.
pub(crate) enum Action {
    /// It goes to the service; its head for there was written.
    Pass,
    /// As `Pass`, and it may become a WebSocket.
    Upgrade,
    /// A page of ours answers it.
    Page(Box<Response<Bytes>>),
}

/// A request whose head is all there.
pub(crate) struct Turn {
    pub(crate) action: Action,
    /// The length of its head.
    pub(crate) head_bytes: usize,
    pub(crate) framing: Framing,
    pub(crate) is_to_head: bool,
    pub(crate) is_http_11: bool,
    /// Whether the browser keeps the connection.
    pub(crate) is_kept: bool,
    /// Whether asking twice does no harm.
    pub(crate) is_safe: bool,
    /// Whether the browser shows the reply in a tab.
    pub(crate) wants_page: bool,
    /// Whether it waits to be asked for its body.
    pub(crate) waits: bool,
}

/// Judges the request at the beginning of `read` and writes its head for the service to `out`. None: its
/// head is not all there.
pub(crate) fn request(
    service: &Service,
    read: &[u8],
    out: &mut Vec<u8>,
) -> Result<Option<Turn>, BadHead> {
    let mut memory = head::room();
    let Some((head, head_bytes)) = head::request(read, &mut memory)? else { return Ok(None) };
    let framing = head.framing()?;
    let action = match guard::judge(head, &service.origin, &service.session) {
        Verdict::Pass => Action::Pass,
        Verdict::Upgrade => Action::Upgrade,
        Verdict::Enter { is_from_elsewhere } => {
            Action::Page(Box::new(enter(service, head, is_from_elsewhere)))
        }
        Verdict::Refuse(refusal) => Action::Page(Box::new(pages::refused(refusal, &service.label))),
    };
    out.clear();
    let is_upgrade = matches!(action, Action::Upgrade);
    headers::write_request(head, &service.origin, framing, is_upgrade, out);
    let expects = head.fields.first("expect");
    Ok(Some(Turn {
        action,
        head_bytes,
        framing,
        is_to_head: head.method == "HEAD",
        is_http_11: head.is_http_11,
        is_kept: head.is_kept(),
        is_safe: head.is_safe(),
        wants_page: head
            .fields
            .first("accept")
            .is_some_and(|kinds| kinds.starts_with(b"text/html")),
        waits: expects.is_some_and(|words| words.eq_ignore_ascii_case(b"100-continue")),
    }))
}

fn enter(service: &Service, head: RequestHead<'_>, is_from_elsewhere: bool) -> Response<Bytes> {
    match service.links.redeem(guard::offered_token(head), Instant::now()) {
        Some(path) => pages::entered(&path, service.session_cookie.clone(), is_from_elsewhere),
        None => pages::refused(Refusal::LinkEnded, &service.label),
    }
}

/// A reply whose head is all there.
pub(crate) struct Answer {
    /// The length of its head.
    pub(crate) head_bytes: usize,
    pub(crate) status: u16,
    pub(crate) framing: Framing,
    /// Whether chunks frame the body towards the browser.
    pub(crate) is_chunked: bool,
    /// Whether the service keeps its connection.
    pub(crate) is_lane_kept: bool,
    /// Whether the browser's connection is kept.
    pub(crate) is_kept: bool,
}

impl Answer {
    /// A few words before the real reply.
    pub(crate) fn is_early(&self) -> bool {
        matches!(self.status, 100 | 102..=199)
    }

    pub(crate) fn is_switch(&self) -> bool {
        self.status == 101
    }
}

/// Reads the reply at the beginning of `read` and writes its head for the browser to `out`. None: its
/// head is not all there.
pub(crate) fn reply(
    service: &Service,
    turn: &Turn,
    read: &[u8],
    out: &mut Vec<u8>,
) -> Result<Option<Answer>, BadHead> {
    let mut memory = head::room();
    let Some((head, head_bytes)) = head::reply(read, &mut memory)? else { return Ok(None) };
    let framing = head.framing(turn.is_to_head)?;
    let is_streamed = matches!(framing, Framing::Chunked | Framing::UntilClose);
    let is_chunked = is_streamed && turn.is_http_11;
    let to_browser = match framing {
        Framing::Chunked | Framing::UntilClose if is_chunked => Framing::Chunked,
        Framing::Chunked | Framing::UntilClose => Framing::UntilClose,
        Framing::None | Framing::Length(_) => framing,
    };
    let is_upgrade = head.status == 101 && matches!(turn.action, Action::Upgrade);
    let to = Reply {
        origin: &service.origin,
        ports: &service.ports,
        is_to_head: turn.is_to_head,
        is_kept: turn.is_kept,
    };
    out.clear();
    headers::write_reply(head, &to, to_browser, is_upgrade, out);
    Ok(Some(Answer {
        head_bytes,
        status: head.status,
        framing,
        is_chunked,
        is_lane_kept: head.is_kept() && framing != Framing::UntilClose,
        is_kept: turn.is_kept,
    }))
}
