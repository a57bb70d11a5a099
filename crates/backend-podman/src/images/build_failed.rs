//! Why a build failed: the disk, a registry, or one line of the Containerfile, with the next step.

use backend_api::{BackendError, BuildRequest};

use super::build::summary;
use super::containerfile::Instruction;
use super::explain::{about_disk, about_registry, image_in, registry_in};
use super::reference::registry_of;
use crate::session::PodmanSession;

impl PodmanSession {
    pub(super) fn build_failed(
        &self,
        request: &BuildRequest,
        at: Option<&Instruction>,
        words: &str,
    ) -> BackendError {
        let server = self.server_name();
        let what = format!("build {}", request.name);
        if let Some(error) = about_disk(server, &what, words) {
            return error;
        }
        if let Some(image) = image_in(words) {
            let registry = registry_in(words).unwrap_or_else(|| registry_of(image));
            if let Some(error) = about_registry(server, image, registry, words) {
                return error;
            }
        }
        let Some(at) = at else {
            return BackendError::rejected(format!("cannot {what} on \"{server}\": {words}"))
                .with_hint("These are Podman's own words. Change what they name and retry.")
                .with_detail(words);
        };
        let (reason, hint) = reason(words, at);
        BackendError::invalid(format!(
            "line {} of {} failed: {}: {reason}",
            at.line,
            request.containerfile_path,
            summary(&at.text)
        ))
        .with_field("containerfile")
        .with_hint(hint)
        .with_detail(words)
    }
}

/// What went wrong in a step, and the next step.
fn reason(words: &str, at: &Instruction) -> (String, String) {
    let told = words.rsplit_once("\": ").map_or(words, |(_, rest)| rest).trim();
    if let Some(status) = told
        .strip_prefix("exit status ")
        .or(told.strip_prefix("while running runtime: exit status "))
    {
        let hint = "The last lines of the log say why. Change that line and retry; finished steps are kept.";
        return (format!("its program ended with exit code {status}"), hint.into());
    }
    let is_copy = matches!(at.keyword.as_str(), "COPY" | "ADD");
    if is_copy && words.contains("no such file or directory") {
        let file = words.rsplit_once("stat: \"").and_then(|(_, rest)| rest.split_once('"'));
        let file = file.map_or("that file", |(file, _)| file.trim_start_matches('/'));
        let hint = "Paths are inside the folder that is sent. Check its name, and that no ignore file leaves it out.";
        return (format!("there is no {file} among the files that were sent"), hint.into());
    }
    (told.to_owned(), "Change that line and retry; finished steps are kept.".into())
}

#[cfg(test)]
mod tests {
    use super::{Instruction, reason};

    fn at(keyword: &str) -> Instruction {
        Instruction { line: 2, stage: 1, keyword: keyword.into(), text: format!("{keyword} x") }
    }

    #[test]
    fn a_failed_step_is_a_sentence() {
        let words = "building at STEP \"RUN echo \"a\"; exit 7\": exit status 7";
        assert_eq!(reason(words, &at("RUN")).0, "its program ended with exit code 7");
        let words = "building at STEP \"COPY nothing /x\": checking on sources under \"/var/tmp/build\": copier: stat: \"/nothing\": no such file or directory";
        assert_eq!(
            reason(words, &at("COPY")).0,
            "there is no nothing among the files that were sent"
        );
        assert_eq!(reason("something else", &at("RUN")).0, "something else");
    }
}
