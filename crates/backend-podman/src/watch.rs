//! Live changes from libpod's event stream.

use async_trait::async_trait;
use backend_api::{BackendError, Cx, Watch, WatchEvent};
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use http_body_util::BodyExt;
use hyper::header::DATE;
use model::WorkspaceId;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::http::{Call, Client, Streaming, escape};
use crate::lines::{CutLine, LineCutter};
use crate::session::PodmanSession;
use crate::wire::Event;

/// An event is a few hundred bytes; labels are part of it.
const MAX_EVENT: usize = 1024 * 1024;

#[async_trait]
impl Watch for PodmanSession {
    async fn watch(
        &self,
        cx: &Cx,
    ) -> Result<BoxStream<'static, Result<WatchEvent, BackendError>>, BackendError> {
        let since = self.server_seconds(cx).await?;
        let filter = escape(r#"{"type":["container"]}"#);
        let path = format!("events?stream=true&since={since}&filters={filter}");
        let streaming = match self.client.stream(Call::get(path), cx).await? {
            Ok(streaming) => streaming,
            Err(reply) => return Err(self.attempt("watch", "containers").refused(&reply)),
        };
        let server = self.server_name().to_owned();
        let events = json_lines(streaming, self.client.clone(), MAX_EVENT)
            .filter_map(move |line| futures::future::ready(line.map(|l| event(&l)).transpose()));
        let end = stream::once(async move {
            Err(BackendError::unreachable(format!("the live changes of \"{server}\" ended"))
                .with_hint("They are asked for again by themselves."))
        });
        Ok(events.chain(end).boxed())
    }
}

impl PodmanSession {
    /// The server's clock, a second ago: events are asked for from there, so that none falls between the
    /// answer and the moment the server begins to read them. Some may come twice.
    async fn server_seconds(&self, cx: &Cx) -> Result<i64, BackendError> {
        let reply = self.ask(Call::get("_ping"), "ask", "Podman", cx).await?;
        let date = reply.headers.get(DATE).and_then(|value| value.to_str().ok());
        let at = date.and_then(|text| OffsetDateTime::parse(text, &Rfc2822).ok());
        Ok(at.map_or_else(|| cx.clock.now() / 1000, OffsetDateTime::unix_timestamp) - 1)
    }
}

/// What an event line means; none for what changes nothing in a list.
fn event(line: &CutLine) -> Option<WatchEvent> {
    if line.dropped > 0 {
        return Some(WatchEvent::Resync);
    }
    let Ok(event) = serde_json::from_slice::<Event>(&line.bytes) else {
        return (!line.bytes.is_empty()).then_some(WatchEvent::Resync);
    };
    let what = if event.status.is_empty() { &event.action } else { &event.status };
    if what.starts_with("exec") || what.starts_with("health") || what == "attach" {
        return None;
    }
    let id = if event.id.is_empty() { event.actor.id } else { event.id };
    if id.is_empty() {
        return Some(WatchEvent::Resync);
    }
    Some(WatchEvent::Changed(WorkspaceId::from_raw(id)))
}

/// The lines of an answer that goes on. Ends with the answer; an error is the last item.
pub(crate) fn json_lines(
    streaming: Streaming,
    client: Client,
    limit: usize,
) -> BoxStream<'static, Result<CutLine, BackendError>> {
    let cutter = LineCutter::new(limit);
    stream::try_unfold((streaming, cutter, client), |(mut streaming, mut cutter, client)| async {
        let Some(bytes) = next_bytes(&mut streaming, &client).await? else { return Ok(None) };
        let lines: Vec<Result<CutLine, BackendError>> =
            cutter.push(&bytes).into_iter().map(Ok).collect();
        Ok::<_, BackendError>(Some((stream::iter(lines), (streaming, cutter, client))))
    })
    .flat_map(|lines| match lines {
        Ok(lines) => lines.boxed(),
        Err(error) => stream::once(async { Err(error) }).boxed(),
    })
    .boxed()
}

/// The next bytes of an answer, none at its end.
pub(crate) async fn next_bytes(
    streaming: &mut Streaming,
    client: &Client,
) -> Result<Option<Bytes>, BackendError> {
    while let Some(frame) = streaming.body.frame().await {
        let frame = frame.map_err(|error| client.lost(&error.to_string()))?;
        if let Ok(data) = frame.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use backend_api::WatchEvent;
    use model::WorkspaceId;
    use proptest::prelude::*;
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc2822;

    use super::{CutLine, event};

    fn parsed(text: &str) -> Option<WatchEvent> {
        event(&CutLine { bytes: text.as_bytes().to_vec(), dropped: 0 })
    }

    #[test]
    fn a_change_names_the_container() {
        let text = r#"{"status":"died","id":"2c94","Type":"container","Action":"died"}"#;
        assert_eq!(parsed(text), Some(WatchEvent::Changed(WorkspaceId::from_raw("2c94"))));
    }

    #[test]
    fn programs_run_inside_change_no_list() {
        assert_eq!(parsed(r#"{"status":"exec_died","id":"2c94"}"#), None);
    }

    #[test]
    fn what_cannot_be_read_means_list_again() {
        assert_eq!(parsed("{{{"), Some(WatchEvent::Resync));
    }

    #[test]
    fn libpods_date_header_parses() {
        let at = OffsetDateTime::parse("Sat, 21 Nov 2026 13:38:41 GMT", &Rfc2822).unwrap();
        assert_eq!(at.unix_timestamp(), 1_795_268_321);
    }

    proptest! {
        #[test]
        fn no_line_panics(text in ".{0,300}") {
            let _ = parsed(&text);
        }
    }
}
