//! Fetching configurations: what nodes saved into the lab's folder, and what routers of Linux print.

use std::collections::BTreeSet;

use backend_api::{BackendError, Cx, Fetched, LabDone, LabRequest};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use https::Call;
use model::{LabId, LogStream, StepProgress};

use crate::api::escape;
use crate::job::WHOLE_LIMIT;
use crate::redact::redacted;
use crate::session::ClabSession;
use crate::steps::{COLLECT, QUEUE, RUN, Steps};
use crate::wire::{Container, Entry, Saved};
use crate::words::without_colours;

/// A configuration is no longer than this.
const MOST: u64 = 4 * 1024 * 1024;
/// How deep in a node's folder configurations are.
const DEEP: usize = 3;
const AT_ONCE: usize = 4;
/// What a router of Linux shows its configuration with.
const SHOW: &str = "vtysh -c 'show running-config'";

impl ClabSession {
    pub(crate) async fn collect(
        &self,
        request: &LabRequest,
        steps: &Steps<'_>,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        let lab = request.name.as_str();
        steps.begin(QUEUE);
        let own = self.containers(lab, cx).await?;
        if own.is_empty() {
            return Err(BackendError::not_found(format!(
                "lab \"{lab}\" has no nodes to collect from"
            ))
            .with_hint("Start the lab first."));
        }
        steps.begin(RUN);
        self.save(lab, cx).await?;
        steps.begin(COLLECT);
        let mut fetched = self.fetch(lab, cx).await?;
        fetched.extend(self.shown(lab, &own, &fetched, cx).await?);
        if fetched.is_empty() {
            return Err(BackendError::unsupported(format!(
                "no node of lab \"{lab}\" gives its configuration"
            ))
            .with_hint(
                "Nodes must run, and be of a kind whose configuration containerlab saves.",
            ));
        }
        let done_bytes = fetched.iter().map(|one| one.content.len() as u64).sum();
        steps.progress(COLLECT, StepProgress { done_bytes, total_bytes: Some(done_bytes) });
        fetched.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(LabDone { lab_id: LabId::from_raw(lab), fetched })
    }

    async fn save(&self, lab: &str, cx: &Cx) -> Result<(), BackendError> {
        let subject = format!("lab \"{lab}\"");
        let attempt = self.api.attempt("save the configurations of", &subject);
        let call = Call::post(format!("api/v1/labs/{}/save", escape(lab))).within(WHOLE_LIMIT);
        let saved: Saved = self.api.json(call, attempt, cx).await?;
        for line in without_colours(&saved.output).lines() {
            cx.log.line(LogStream::Stdout, line);
        }
        Ok(())
    }

    /// Configurations in the folders of the nodes; the older server gives no files.
    async fn fetch(&self, lab: &str, cx: &Cx) -> Result<Vec<Fetched>, BackendError> {
        if !self.found.is_modern() {
            return Ok(Vec::new());
        }
        let root = format!("{lab}/clab-{lab}");
        let mut found = Vec::new();
        let mut folders = vec![(root.clone(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            for entry in self.api.entries(&folder, cx).await? {
                if entry.kind == "directory" && depth < DEEP {
                    folders.push((entry.path, depth + 1));
                } else if depth > 0 && is_configuration(&entry) {
                    found.push(entry.path);
                }
            }
        }
        let prefix = format!("{root}/");
        let fetching = found.into_iter().map(|path| {
            let prefix = prefix.as_str();
            async move {
                let content = self.api.file(&path, cx).await?.unwrap_or_default();
                let inside =
                    path.strip_prefix(prefix).filter(|path| crate::material::stays_inside(path));
                Ok::<_, BackendError>(inside.map(|inside| fetched(inside, &content)))
            }
        });
        let all: Vec<Option<Fetched>> =
            stream::iter(fetching).buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(all.into_iter().flatten().collect())
    }

    /// What nodes of kind "linux" print that saved nothing: routers do, hosts have no such program.
    async fn shown(
        &self,
        lab: &str,
        own: &[Container],
        saved: &[Fetched],
        cx: &Cx,
    ) -> Result<Vec<Fetched>, BackendError> {
        let has_saved: BTreeSet<&str> =
            saved.iter().filter_map(|one| one.path.split('/').next()).collect();
        let asked: Vec<String> = own
            .iter()
            .filter(|one| {
                one.kind == "linux" && one.is_running() && !has_saved.contains(one.node())
            })
            .map(|one| one.node().to_owned())
            .collect();
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let printed = self.run_on(lab, own, &asked, SHOW, cx).await?;
        let printed = printed.into_iter().filter(|one| one.exit_code == Some(0));
        Ok(printed
            .map(|one| fetched(&format!("{}/running-config.txt", one.node), one.stdout.as_bytes()))
            .collect())
    }
}

fn fetched(path: &str, content: &[u8]) -> Fetched {
    let content = match std::str::from_utf8(content) {
        Ok(text) => Bytes::from(redacted(text)),
        Err(_) => Bytes::copy_from_slice(content),
    };
    Fetched { path: path.to_owned(), content }
}

/// By its name: keys, certificates and what containerlab keeps for itself are none.
fn is_configuration(entry: &Entry) -> bool {
    let path = entry.path.to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_secret = ["key", "cert", ".pem", "license", "authorized", "tls"];
    let is_kept = ["config", ".cfg", ".conf", "startup"];
    entry.kind == "file"
        && entry.size <= MOST
        && !is_secret.iter().any(|word| name.contains(word))
        && is_kept.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{Entry, is_configuration};

    #[test]
    fn configurations_are_told_from_keys() {
        let is = |path: &str| {
            is_configuration(&Entry {
                path: path.into(),
                kind: "file".into(),
                size: 10,
                modified_at: String::new(),
            })
        };
        assert!(
            is("pair/clab-pair/r1/config/config.json")
                && is("pair/clab-pair/r1/flash/startup-config")
        );
        assert!(is("pair/clab-pair/r1/frr.conf"));
        assert!(!is("pair/clab-pair/.tls/ca/ca.key") && !is("pair/clab-pair/r1/authorized_keys"));
        assert!(!is("pair/clab-pair/r1/config/tls-config.key"));
    }
}
