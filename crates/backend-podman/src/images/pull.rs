//! Fetching an image from its registry, with how many bytes of it are there.

use std::collections::BTreeMap;

use backend_api::{BackendError, Cx, NameOf, StepSink};
use futures::StreamExt;
use model::{ImageId, LogStream, PlanStep, StepProgress};

use super::change::{refused, short};
use super::explain::{about_disk, about_registry};
use super::messages::{Message, parse};
use super::reference::{self, registry_of};
use crate::http::{Call, escape};
use crate::lines::CutLine;
use crate::session::PodmanSession;
use crate::watch::json_lines;
use crate::wire::ImageInspected;

/// Lines of progress are short.
const MAX_LINE: usize = 256 * 1024;
const ASK: usize = 0;
const FETCH: usize = 1;
const LOOK: usize = 2;

/// Layers by id: bytes that are there, and bytes there will be.
#[derive(Default)]
struct Layers(BTreeMap<String, (u64, u64)>);

impl Layers {
    /// Takes what is said of a layer.
    fn told(&mut self, id: &str, status: &str, done: u64, total: u64) {
        let layer = self.0.entry(id.to_owned()).or_default();
        if total > 0 {
            *layer = (done.min(total), total);
        } else if status == "Download complete" {
            layer.0 = layer.1;
        }
    }

    fn progress(&self) -> StepProgress {
        let sum = |part: fn(&(u64, u64)) -> u64| self.0.values().map(part).sum();
        let total: u64 = sum(|layer| layer.1);
        StepProgress { done_bytes: sum(|layer| layer.0), total_bytes: (total > 0).then_some(total) }
    }
}

pub(super) fn steps(server: &str, name: &str) -> Vec<PlanStep> {
    let full = reference::full_name(name, NameOf::Remote).unwrap_or_else(|_| name.to_owned());
    let step = |name: &str, summary: String| PlanStep { name: name.into(), summary };
    vec![
        step("Ask", format!("Ask {} for {full}", registry_of(&full))),
        step("Fetch", format!("Fetch what {server} does not have")),
        step("Look", format!("Look that {server} has it")),
    ]
}

impl PodmanSession {
    pub(super) async fn pull_image(
        &self,
        name: &str,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<ImageId, BackendError> {
        let full = reference::full_name(name, NameOf::Remote).map_err(refused)?;
        steps.begin(ASK);
        // The endpoint of the older interface: libpod's own does not tell of bytes.
        let call = Call::post(format!("/v1.40/images/create?fromImage={}", escape(&full))).bulk();
        let streaming = match self.client.stream_later(call, cx).await? {
            Ok(streaming) => streaming,
            Err(reply) => return Err(self.attempt("pull", &full).refused(&reply)),
        };
        let mut lines = json_lines(streaming, self.client.clone(), MAX_LINE);
        let mut layers = Layers::default();
        let mut said: BTreeMap<String, String> = BTreeMap::new();
        while let Some(line) = cx.until_cancelled(async { lines.next().await.transpose() }).await? {
            self.pulled(&line, &full, &mut layers, &mut said, steps, cx)?;
        }
        steps.begin(LOOK);
        let path = format!("images/{}/json", escape(&full));
        let found: ImageInspected = self.ask_json(Call::get(path), "look at", &full, cx).await?;
        let id = ImageId::from_raw(found.id);
        cx.log.line(LogStream::Stdout, &format!("{full} is {}", short(&id)));
        Ok(id)
    }

    fn pulled(
        &self,
        line: &CutLine,
        full: &str,
        layers: &mut Layers,
        said: &mut BTreeMap<String, String>,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        match parse(&line.bytes) {
            None => {}
            Some(Message::Output(text)) => cx.log.line(LogStream::Stdout, text.trim_end()),
            Some(Message::Failed(words)) => return Err(self.pull_failed(full, &words)),
            Some(Message::Layer { id, status, done, total }) => {
                if layers.0.is_empty() {
                    steps.begin(FETCH);
                }
                layers.told(&id, &status, done, total);
                steps.progress(FETCH, layers.progress());
                if said.insert(id.clone(), status.clone()).as_ref() != Some(&status) {
                    cx.log.line(LogStream::Stdout, &format!("{id}: {}", status.to_lowercase()));
                }
            }
        }
        Ok(())
    }

    fn pull_failed(&self, full: &str, words: &str) -> BackendError {
        let server = self.server_name();
        about_disk(server, &format!("pull {full}"), words)
            .or_else(|| about_registry(server, full, registry_of(full), words))
            .unwrap_or_else(|| {
                BackendError::rejected(format!("cannot pull {full} to \"{server}\": {words}"))
                    .with_hint("These are Podman's own words. Change what they name and retry.")
            })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Layers;

    #[test]
    fn bytes_of_all_layers_add_up() {
        let mut layers = Layers::default();
        layers.told("a", "Already exists", 0, 0);
        layers.told("b", "Downloading", 3, 6);
        layers.told("c", "Downloading", 4, 4);
        let progress = layers.progress();
        assert_eq!((progress.done_bytes, progress.total_bytes), (7, Some(10)));
        layers.told("b", "Download complete", 0, 0);
        assert_eq!(layers.progress().done_bytes, 10);
    }

    proptest! {
        #[test]
        fn never_more_is_there_than_there_will_be(
            told in proptest::collection::vec(("[a-c]", 0u64..99, 0u64..99), 0..30),
        ) {
            let mut layers = Layers::default();
            for (id, done, total) in told {
                layers.told(&id, "Downloading", done, total);
                let progress = layers.progress();
                prop_assert!(progress.done_bytes <= progress.total_bytes.unwrap_or(0));
            }
        }
    }
}
