//! Naming and removing images.

use backend_api::{BackendError, Cx, NameOf};
use model::{ImageId, LogStream};

use super::reference;
use crate::http::{Call, escape};
use crate::session::PodmanSession;
use crate::wire::Removed;

impl PodmanSession {
    pub(super) async fn tag_image(
        &self,
        id: &ImageId,
        name: &str,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let full = local_name(name)?;
        let Some((repository, tag)) = full.rsplit_once(':').filter(|_| !full.contains('@')) else {
            return Err(BackendError::invalid(format!(
                "\"{name}\" is a digest, which no one can give"
            ))
            .with_field("name")
            .with_hint("Give a name and a tag."));
        };
        let path = format!(
            "images/{}/tag?repo={}&tag={}",
            escape(id.as_str()),
            escape(repository),
            escape(tag)
        );
        self.ask(Call::post(path), "name", &full, cx)
            .await
            .map_err(|error| self.image_gone(error, id))?;
        cx.log.line(LogStream::Stdout, &format!("{full} is {}", short(id)));
        Ok(())
    }

    pub(super) async fn remove_image(&self, id: &ImageId, cx: &Cx) -> Result<(), BackendError> {
        let surveyed = self.survey_images(cx).await?;
        let Some(image) = surveyed.image(id) else { return Ok(()) };
        let shown = image.names.first().cloned().unwrap_or_else(|| short(id));
        if !image.used_by.is_empty() {
            let users: Vec<&str> = image.used_by.iter().map(|user| user.name.as_str()).collect();
            return Err(BackendError::conflict(format!(
                "cannot remove {shown} from \"{}\": it is used by {}",
                self.server_name(),
                users.join(", ")
            ))
            .with_hint("Remove what uses it first, or rebuild it on another image."));
        }
        // By name, because Podman refuses an id that has several.
        let targets =
            if image.names.is_empty() { vec![id.to_string()] } else { image.names.clone() };
        for target in targets {
            match self.remove_one(&target, cx).await {
                Ok(()) | Err(BackendError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn remove_one(&self, target: &str, cx: &Cx) -> Result<(), BackendError> {
        let call = Call::delete(format!("images/{}", escape(target)));
        let removed: Removed = self.ask_json(call, "remove", target, cx).await?;
        for name in &removed.untagged {
            cx.log.line(LogStream::Stdout, &format!("took the name {name} away"));
        }
        for id in &removed.deleted {
            let id = short(&ImageId::from_raw(id.clone()));
            cx.log.line(LogStream::Stdout, &format!("deleted {id}"));
        }
        Ok(())
    }

    fn image_gone(&self, error: BackendError, id: &ImageId) -> BackendError {
        match error {
            BackendError::NotFound(_) => BackendError::not_found(format!(
                "the image {} is not on \"{}\" any more",
                short(id),
                self.server_name()
            ))
            .with_hint("Refresh the list."),
            other => other,
        }
    }
}

/// A name for an image of the server itself.
pub(super) fn local_name(name: &str) -> Result<String, BackendError> {
    reference::full_name(name, NameOf::Local).map_err(refused)
}

/// A problem of a field as an error of a call.
pub(super) fn refused(problem: model::FieldProblem) -> BackendError {
    let hint = match &problem.suggestion {
        Some(suggestion) => format!("{suggestion} would work."),
        None => "Change the name and try again.".to_owned(),
    };
    BackendError::invalid(problem.message).with_field(problem.field).with_hint(hint)
}

/// The part of an id that people compare.
pub(super) fn short(id: &ImageId) -> String {
    id.as_str().trim_start_matches("sha256:").chars().take(12).collect()
}
