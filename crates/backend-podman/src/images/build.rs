//! Building an image: the context goes up, the steps come back, an error points at its line.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use backend_api::{BackendError, BuildContext, BuildRequest, Cx, StepSink};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use model::{ImageId, LogStream, PlanStep, StepProgress};

use super::change::{local_name, short};
use super::containerfile::{self, Instruction};
use super::heard::Heard;
use super::stop::Mark;
use crate::http::{Call, Streaming, escape};
use crate::session::PodmanSession;
use crate::watch::json_lines;
use crate::wire::ImageInspected;

/// One message holds what a program printed at once.
const MAX_MESSAGE: usize = 1024 * 1024;
const SEND: usize = 0;
/// Instructions stand behind the sending.
pub(super) const FIRST: usize = 1;
/// How often it is told how much was sent.
const TELL: Duration = Duration::from_millis(200);
/// Named, because Podman finds no finished steps again when it is left out.
const FORMAT: &str = "application/vnd.oci.image.manifest.v1+json";
/// Longer summaries are cut.
const SUMMARY: usize = 160;

/// Counts what is sent, and keeps why it could not be read.
#[derive(Default)]
struct Sent {
    bytes: AtomicU64,
    trouble: Mutex<Option<String>>,
}

pub(super) fn instructions(request: &BuildRequest) -> Result<Vec<Instruction>, BackendError> {
    containerfile::parse(&request.containerfile).map_err(|bad| {
        BackendError::invalid(format!(
            "line {} of {}: {}",
            bad.line, request.containerfile_path, bad.message
        ))
        .with_field("containerfile")
        .with_hint(bad.hint)
    })
}

pub(super) fn steps(server: &str, request: &BuildRequest) -> Result<Vec<PlanStep>, BackendError> {
    let step = |name: &str, summary: String| PlanStep { name: name.into(), summary };
    let instructions = instructions(request)?;
    let mut steps = vec![step("Send", format!("Send the files to {server}"))];
    steps.extend(instructions.iter().map(|one| step(&one.keyword, summary(&one.text))));
    steps.push(step("Store", format!("Store it as {}", request.name)));
    Ok(steps)
}

pub(super) fn summary(text: &str) -> String {
    match text.char_indices().nth(SUMMARY) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

impl PodmanSession {
    pub(super) async fn build_image(
        &self,
        request: &BuildRequest,
        context: BuildContext,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<ImageId, BackendError> {
        let instructions = instructions(request)?;
        let full = local_name(&request.name)?;
        let mark = Mark::new();
        let before = self.before_build(cx).await?;
        let mut heard = Heard::new(&instructions);
        steps.begin(SEND);
        let built =
            self.carry_out_build(request, &full, mark, context, &mut heard, steps, cx).await;
        if matches!(built, Err(BackendError::Cancelled)) {
            self.stop_build(mark, &before, cx).await;
        }
        built
    }

    #[expect(clippy::too_many_arguments, reason = "one build's parts, used once")]
    async fn carry_out_build(
        &self,
        request: &BuildRequest,
        full: &str,
        mark: Mark,
        context: BuildContext,
        heard: &mut Heard<'_>,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<ImageId, BackendError> {
        let streaming = self.send_context(request, full, mark, context, steps, cx).await?;
        let mut lines = json_lines(streaming, self.client.clone(), MAX_MESSAGE);
        while let Some(line) = cx.until_cancelled(async { lines.next().await.transpose() }).await? {
            heard.take(&line, steps, cx);
        }
        heard.finish(cx);
        if let Some(words) = heard.failed.take() {
            return Err(self.build_failed(request, heard.at(), &words));
        }
        steps.begin(FIRST + heard.instructions.len());
        let path = format!("images/{}/json", escape(full));
        let found: ImageInspected = self.ask_json(Call::get(path), "look at", full, cx).await?;
        let id = ImageId::from_raw(found.id);
        cx.log.line(LogStream::Stdout, &format!("{full} is {}", short(&id)));
        Ok(id)
    }

    async fn send_context(
        &self,
        request: &BuildRequest,
        full: &str,
        mark: Mark,
        context: BuildContext,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<Streaming, BackendError> {
        let sent = Arc::new(Sent::default());
        let call =
            Call::post(query(request, full, mark)?).bulk().tar(counted(context, sent.clone()));
        let total_bytes = request.context_bytes;
        let tell = async {
            let mut ticks = tokio::time::interval(TELL);
            loop {
                ticks.tick().await;
                let done_bytes = sent.bytes.load(Ordering::Relaxed);
                steps.progress(SEND, StepProgress { done_bytes, total_bytes });
            }
        };
        let answered = tokio::select! {
            answered = self.client.stream_later(call, cx) => answered,
            () = tell => return Err(BackendError::Cancelled),
        };
        let trouble = sent.trouble.lock().ok().and_then(|mut trouble| trouble.take());
        match (answered, trouble) {
            (Err(BackendError::Unreachable(_)), Some(words)) => Err(BackendError::invalid(
                format!("a file of the folder cannot be read: {words}"),
            )
            .with_hint(
                "Name it in .containerignore if the build does not need it, or make it readable.",
            )),
            (Ok(Ok(streaming)), _) => {
                let done_bytes = sent.bytes.load(Ordering::Relaxed);
                steps.progress(SEND, StepProgress { done_bytes, total_bytes: Some(done_bytes) });
                Ok(streaming)
            }
            (Ok(Err(reply)), _) => Err(self.attempt("build", full).refused(&reply)),
            (Err(error), _) => Err(error),
        }
    }
}

fn query(request: &BuildRequest, full: &str, mark: Mark) -> Result<String, BackendError> {
    let json = |value: &serde_json::Value| escape(&value.to_string());
    let arguments: BTreeMap<&str, &str> = request
        .arguments
        .iter()
        .map(|argument| (argument.name.as_str(), argument.value.as_str()))
        .collect();
    let labels: BTreeMap<&str, &str> =
        request.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut path = format!(
        "build?t={}&dockerfile={}&rm=true&forcerm=true&layers=true&outputformat={}&buildargs={}&labels={}&ulimits={}",
        escape(full),
        escape(&request.containerfile_path),
        escape(FORMAT),
        json(&serde_json::json!(arguments)),
        json(&serde_json::json!(labels)),
        json(&serde_json::json!([mark.limit()])),
    );
    if request.is_without_cache {
        path.push_str("&nocache=true");
    }
    if request.is_base_pulled {
        path.push_str("&pullpolicy=newer");
    }
    Ok(path)
}

fn counted(
    context: BuildContext,
    sent: Arc<Sent>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    context.inspect(move |item| match item {
        Ok(bytes) => {
            sent.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        }
        Err(error) => {
            if let Ok(mut trouble) = sent.trouble.lock() {
                *trouble = Some(error.to_string());
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn a_long_instruction_is_cut() {
        let text = "ä".repeat(400);
        assert_eq!(summary(&text).chars().count(), 161);
    }
}
