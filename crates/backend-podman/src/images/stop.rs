//! Stopping a build on the server, and saying what it leaves there.
//!
//! Podman 4 does not stop the program of a step when whoever asked for the build goes away. So every build
//! is given a limit for the size of files that no program can reach and no other build has: by it the
//! programs of this build, and no others, are found and ended.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use backend_api::{BackendError, Cx};
use model::LogStream;
use tokio::time::{Instant, sleep, timeout};

use crate::http::Call;
use crate::session::PodmanSession;
use crate::wire::Image;

/// Half of what a 64 bit number holds: no file comes near it. Each build takes another one below.
const FAR: u64 = 1 << 62;
const NUMBERS: u64 = 1 << 32;
/// How long the end of a build is waited for; a run gives 30 s for all of its cleaning up.
const PATIENCE: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_millis(250);
const ONE_LOOK: Duration = Duration::from_secs(5);
/// Looks in a row that find nothing more: a step may be just about to begin.
const QUIET_LOOKS: u32 = 4;

/// Ends every process whose limits hold the number, and prints its id.
const END: &str = "for file in /proc/[0-9]*/limits; do
  if grep -qsw -- \"$1\" \"$file\"; then
    pid=${file#/proc/}; pid=${pid%/limits}
    kill -KILL \"$pid\" 2>/dev/null && echo \"$pid\"
  fi
done
true";

/// What tells the programs of one build from all others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark(u64);

impl Mark {
    pub(super) fn new() -> Self {
        let random = model::ImageId::generate();
        let digits = random.as_str().get(24..).unwrap_or_default();
        Self(FAR - u64::from_str_radix(digits, 16).unwrap_or_default() % NUMBERS)
    }

    /// The limit as a build takes it.
    pub(super) fn limit(self) -> String {
        format!("fsize={}:{}", self.0, self.0)
    }
}

/// What was on the server when a build began.
#[derive(Debug, Default)]
pub(super) struct Before {
    containers: BTreeMap<String, String>,
    layers: BTreeSet<String>,
}

impl PodmanSession {
    pub(super) async fn before_build(&self, cx: &Cx) -> Result<Before, BackendError> {
        let (containers, layers) =
            tokio::try_join!(self.build_containers(cx), self.all_layers(cx))?;
        Ok(Before { containers, layers: layers.into_iter().map(|image| image.id).collect() })
    }

    /// Ends what the build runs on the server, and writes what remains into the log.
    pub(super) async fn stop_build(&self, mark: Mark, before: &Before, cx: &Cx) {
        let cx = &cx.for_call(tokio_util::sync::CancellationToken::new(), cx.log.clone());
        let end = Instant::now() + PATIENCE;
        let mut ended = BTreeSet::new();
        let mut quiet = 0;
        while quiet < QUIET_LOOKS && Instant::now() < end {
            let found = self.end_programs(mark, cx).await;
            quiet = if found.is_empty() { quiet + 1 } else { 0 };
            ended.extend(found);
            let left = self.left_containers(before, cx).await;
            if quiet > 0 && left.as_ref().is_some_and(BTreeMap::is_empty) {
                break;
            }
            sleep(PAUSE).await;
        }
        self.say_what_remains(!ended.is_empty(), before, cx).await;
    }

    async fn say_what_remains(&self, is_ended: bool, before: &Before, cx: &Cx) {
        let say = |text: &str| cx.log.line(LogStream::Note, text);
        if is_ended {
            say("the program of the running step was ended on the server");
        }
        let left = self.left_containers(before, cx).await;
        match left.as_ref().map(|left| left.values().cloned().collect::<Vec<_>>()) {
            None => say("the server could not be asked what the build left"),
            Some(left) if left.is_empty() => say("the build is over on the server"),
            Some(left) => say(&format!(
                "the server still works on the step that was running ({}); Podman ends it when that step ends",
                left.join(", ")
            )),
        }
        if let Ok(Ok(layers)) = timeout(ONE_LOOK, self.all_layers(cx)).await {
            let new = layers.iter().filter(|image| !before.layers.contains(&image.id)).count();
            say(&match new {
                0 => "nothing of the image remains".to_owned(),
                1 => "1 finished step stays as a cache: the next build of the same file goes on from there; prune removes it".to_owned(),
                new => format!("{new} finished steps stay as a cache: the next build of the same file goes on from there; prune removes them"),
            });
        }
    }

    /// Containers of builds that were not there before; none when the server does not answer.
    async fn left_containers(&self, before: &Before, cx: &Cx) -> Option<BTreeMap<String, String>> {
        let mut now = timeout(ONE_LOOK, self.build_containers(cx)).await.ok()?.ok()?;
        now.retain(|id, _| !before.containers.contains_key(id));
        Some(now)
    }

    /// Images with the nameless ones that finished steps leave.
    async fn all_layers(&self, cx: &Cx) -> Result<Vec<Image>, BackendError> {
        let images: Option<Vec<Image>> =
            self.ask_json(Call::get("images/json?all=true"), "list", "images", cx).await?;
        Ok(images.unwrap_or_default())
    }

    /// Process ids that were ended.
    async fn end_programs(&self, mark: Mark, cx: &Cx) -> Vec<String> {
        let number = mark.0.to_string();
        let plain = self.end_with(&["sh", "-c", END, "sh", &number], cx).await;
        // A step of a rootful Podman belongs to root; whoever may use Podman may often use sudo.
        let is_root = self.login.as_deref() == Some("root");
        if !plain.is_empty() || self.is_rootless || is_root {
            return plain;
        }
        self.end_with(&["sudo", "-n", "sh", "-c", END, "sh", &number], cx).await
    }

    async fn end_with(&self, argv: &[&str], cx: &Cx) -> Vec<String> {
        match timeout(ONE_LOOK, cx.exec.run(argv)).await {
            Ok(Ok(output)) => {
                String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
            }
            Ok(Err(_)) | Err(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{FAR, Mark, NUMBERS};

    #[test]
    fn marks_differ_and_are_out_of_reach() {
        let marks: BTreeSet<u64> = (0..200).map(|_| Mark::new().0).collect();
        assert!(marks.len() > 190, "{}", marks.len());
        assert!(marks.iter().all(|mark| *mark > FAR - NUMBERS && *mark <= FAR));
    }
}
