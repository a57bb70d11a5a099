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
/// All of them together, in bytes, and their number: everything is in memory at once.
const MOST_OF_ALL: u64 = 128 * 1024 * 1024;
const MOST_FILES: usize = 5000;
/// Each is a question to the server.
const MOST_FOLDERS: usize = 2000;
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
        let (found, left_out) = within_limits(self.configurations(&root, cx).await?);
        if let Some(first) = left_out.first() {
            let (count, most) = (left_out.len(), MOST_OF_ALL / 1024 / 1024);
            let line = format!(
                "Left out: {count} files beyond {MOST_FILES} files, {most} MiB in all or 4 MiB each, the first of them {first}"
            );
            cx.log.line(LogStream::Note, &line);
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

    /// Files that look like configurations, in a folder of the nodes.
    async fn configurations(&self, root: &str, cx: &Cx) -> Result<Vec<Entry>, BackendError> {
        let mut found = Vec::new();
        let mut folders = vec![(root.to_owned(), 0)];
        let mut listed = 0;
        while let Some((folder, depth)) = folders.pop() {
            listed += 1;
            if listed > MOST_FOLDERS {
                let line = format!("Left out: what is in more than {MOST_FOLDERS} folders");
                cx.log.line(LogStream::Note, &line);
                break;
            }
            for entry in self.api.entries(&folder, cx).await? {
                if entry.kind == "directory" && depth < DEEP {
                    folders.push((entry.path, depth + 1));
                } else if depth > 0 && is_configuration(&entry) {
                    found.push(entry);
                }
            }
        }
        Ok(found)
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

/// What is fetched, and what is left out because it is too large or too much.
fn within_limits(mut found: Vec<Entry>) -> (Vec<String>, Vec<String>) {
    found.sort_by(|a, b| a.path.cmp(&b.path));
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    let mut bytes = 0_u64;
    for entry in found {
        let with_it = bytes.saturating_add(entry.size);
        if entry.size <= MOST && with_it <= MOST_OF_ALL && kept.len() < MOST_FILES {
            bytes = with_it;
            kept.push(entry.path);
        } else {
            left_out.push(entry.path);
        }
    }
    (kept, left_out)
}

/// By its name: keys, certificates and what containerlab keeps for itself are none.
fn is_configuration(entry: &Entry) -> bool {
    let path = entry.path.to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_secret = ["key", "cert", ".pem", "license", "authorized", "tls"];
    let is_kept = ["config", ".cfg", ".conf", "startup"];
    entry.kind == "file"
        && !is_secret.iter().any(|word| name.contains(word))
        && is_kept.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{Entry, MOST, MOST_FILES, MOST_OF_ALL, is_configuration, within_limits};

    fn sized(count: usize, size: u64) -> Vec<Entry> {
        let one = |index| Entry {
            path: format!("r{index:05}/a.cfg"),
            kind: "file".into(),
            size,
            modified_at: String::new(),
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn too_much_is_left_out_and_named() {
        let (kept, left_out) = within_limits(sized(40, MOST));
        assert_eq!(kept.len() as u64, MOST_OF_ALL / MOST);
        assert_eq!(left_out.first().map(String::as_str), Some("r00032/a.cfg"));
        assert_eq!(within_limits(sized(1, MOST + 1)).1.len(), 1);
        assert_eq!(within_limits(sized(MOST_FILES + 3, 1)).1.len(), 3);
    }

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
