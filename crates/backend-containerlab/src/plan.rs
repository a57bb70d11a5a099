//! What an operation would do: files that travel, images that are there, changes of a running lab.

use std::collections::BTreeSet;

use backend_api::{BackendError, Cx, LabMaterial, LabRequest};
use https::Call;
use model::{FieldProblem, LabImage, LabPlan, LabSync, LabVerb};
use topology::Parsed;

use crate::archive;
use crate::carry::{CANCEL_LEGACY, CANCEL_MODERN};
use crate::material::{self, Prepared};
use crate::session::ClabSession;
use crate::steps::sends_files;
use crate::there::There;
use crate::wire::{Container, Images};

/// More nodes than this are in danger of the server's ten minutes when they are virtual machines.
const MANY_NODES: usize = 12;

impl ClabSession {
    pub(crate) async fn plan_of(
        &self,
        request: &LabRequest,
        cx: &Cx,
    ) -> Result<LabPlan, BackendError> {
        let means = if self.found.is_modern() { CANCEL_MODERN } else { CANCEL_LEGACY };
        let mut plan = LabPlan {
            verb: request.verb,
            steps: self.steps_of(request),
            instance: None,
            path: self.found.is_modern().then(|| format!("{0}/{0}.clab.yml", request.name)),
            sync: None,
            images: Vec::new(),
            changes: None,
            warnings: Vec::new(),
            problems: Vec::new(),
            cancel_means: means.into(),
        };
        let own = self.containers(&request.name, cx).await?;
        if request.lab_id.is_none() && request.verb != LabVerb::Validate {
            self.check_name_is_free(request, &own, &mut plan, cx).await?;
        }
        self.warn(request, &own, &mut plan);
        if let Some(material) = &request.material {
            self.plan_material(request, material, &own, &mut plan, cx).await?;
        } else if request.verb == LabVerb::Apply {
            plan.changes = self.changes(request, None, cx).await.map(Some)?;
        }
        Ok(plan)
    }

    async fn check_name_is_free(
        &self,
        request: &LabRequest,
        own: &[Container],
        plan: &mut LabPlan,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        use backend_api::Labs;
        let is_taken =
            !own.is_empty() || self.labs(cx).await?.iter().any(|lab| lab.name == request.name);
        if is_taken {
            plan.problems.push(FieldProblem {
                field: "name".into(),
                message: format!(
                    "there is a lab \"{}\" on \"{}\" already: choose another name",
                    request.name, self.api.server
                ),
                suggestion: Some(format!("{}-2", request.name)),
            });
        }
        Ok(())
    }

    fn warn(&self, request: &LabRequest, own: &[Container], plan: &mut LabPlan) {
        let is_old = !self.found.is_modern();
        let mut warn = |sentence: &str| plan.warnings.push(sentence.to_owned());
        match request.verb {
            LabVerb::Redeploy => {
                warn("Every node is made anew: what nodes hold and did not save is lost.");
                let is_foreign = own.iter().any(|one| one.owner != self.api.user);
                if is_old {
                    warn(
                        "This older server forgets whose lab it is: afterwards only an administrator sees it.",
                    );
                } else if is_foreign {
                    warn("The lab is another account's: it may be yours afterwards.");
                }
            }
            LabVerb::Destroy if request.options.removes_files => {
                warn(
                    "The folder of the lab on the server goes, with everything that was saved in it.",
                );
            }
            LabVerb::Start if is_old => {
                warn("This older server shows no log while it works; it comes at the end.");
            }
            _ => {}
        }
    }

    async fn plan_material(
        &self,
        request: &LabRequest,
        material: &LabMaterial,
        own: &[Container],
        plan: &mut LabPlan,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let prepared = match material::prepared(&request.name, material).await {
            Ok(prepared) => prepared,
            Err(error @ BackendError::Invalid(_)) => {
                plan.problems.push(problem(error));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let parsed = match topology::containerlab_yaml(&prepared.text) {
            Ok(parsed) => parsed,
            Err(found) => {
                plan.problems.push(problem(material::problem_of(&material.topology, &found)));
                return Ok(());
            }
        };
        for found in &parsed.problems {
            plan.problems.push(problem(material::problem_of(&material.topology, found)));
        }
        plan.path =
            self.found.is_modern().then(|| format!("{}/{}", request.name, prepared.topology));
        plan.sync = self.plan_sync(request, &prepared, plan, cx).await?;
        plan.images = self.plan_images(&parsed, plan, cx).await?;
        if parsed.graph.nodes.len() > MANY_NODES && plan.verb == LabVerb::Start {
            plan.warnings.push("The server ends an operation after ten minutes: many large nodes may need more. Then start the lab in parts.".into());
        }
        let may_ask = self.found.features().changes && plan.problems.is_empty() && !own.is_empty();
        if may_ask && matches!(request.verb, LabVerb::Apply | LabVerb::Validate) {
            match self.changes(request, Some(&prepared), cx).await {
                Ok(changes) => plan.changes = Some(changes),
                Err(error @ BackendError::Rejected(_)) => plan.problems.push(problem(error)),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn plan_sync(
        &self,
        request: &LabRequest,
        prepared: &Prepared,
        plan: &mut LabPlan,
        cx: &Cx,
    ) -> Result<Option<LabSync>, BackendError> {
        if !sends_files(request.verb) {
            return Ok(None);
        }
        if prepared.bytes() > archive::MOST && !self.found.is_modern() {
            plan.problems.push(FieldProblem {
                field: "template".into(),
                message: "the files of the lab are more than the 256 MiB that the server takes"
                    .into(),
                suggestion: None,
            });
        }
        if !self.found.is_modern() {
            let changed = prepared.files.keys().cloned().collect();
            return Ok(Some(LabSync { changed, bytes: prepared.bytes(), ..LabSync::default() }));
        }
        if prepared.files.values().any(|sent| sent.is_executable) {
            plan.warnings.push(
                "Programs among the files lose the right to be run: the server takes files only."
                    .into(),
            );
        }
        let there = There::look(&self.api, &request.name, prepared, cx).await?;
        for path in &there.foreign {
            plan.warnings.push(format!("{path} was changed on the server by somebody else. Their version goes to .moorline-kept in the lab's folder."));
        }
        Ok(Some(there.sync))
    }

    async fn plan_images(
        &self,
        parsed: &Parsed,
        plan: &mut LabPlan,
        cx: &Cx,
    ) -> Result<Vec<LabImage>, BackendError> {
        let there =
            if self.found.features().images { Some(self.image_names(cx).await?) } else { None };
        let mut images = Vec::new();
        for (reference, nodes) in &parsed.images {
            let is_present = there.as_ref().map(|names| names.contains(&whole_name(reference)));
            if is_present == Some(false) {
                plan.warnings.push(format!(
                    "The image {reference} is not on the server: it will try to pull it, and fails where it cannot."
                ));
            }
            images.push(LabImage {
                reference: reference.clone(),
                is_present,
                nodes: nodes.clone(),
            });
        }
        Ok(images)
    }

    async fn image_names(&self, cx: &Cx) -> Result<BTreeSet<String>, BackendError> {
        let attempt = self.api.attempt("list", "images");
        let listed: Images = self.api.json(Call::get("api/v1/images"), attempt, cx).await?;
        let names = listed.images.into_iter().flat_map(|one| [one.repo_tags, one.repo_digests]);
        Ok(names.flatten().map(|name| whole_name(&name)).collect())
    }
}

fn problem(error: BackendError) -> FieldProblem {
    let failure = model::Failure::from(error);
    let message = match &failure.hint {
        Some(hint) => format!("{}. {hint}", failure.message),
        None => failure.message.clone(),
    };
    let field = failure.field.unwrap_or_else(|| "template".into());
    FieldProblem { field, message, suggestion: None }
}

/// An image's name as the server lists it: with the tag that is meant, without the registry that is meant.
fn whole_name(reference: &str) -> String {
    let short = ["docker.io/library/", "docker.io/", "index.docker.io/"]
        .iter()
        .find_map(|prefix| reference.strip_prefix(prefix))
        .unwrap_or(reference);
    let last = short.rsplit('/').next().unwrap_or(short);
    if last.contains(':') || last.contains('@') {
        short.to_owned()
    } else {
        format!("{short}:latest")
    }
}

#[cfg(test)]
mod tests {
    use super::whole_name;

    #[test]
    fn names_of_images_are_compared_whole() {
        assert_eq!(whole_name("alpine"), "alpine:latest");
        assert_eq!(whole_name("docker.io/library/alpine:3"), "alpine:3");
        assert_eq!(whole_name("lab:5000/frr"), "lab:5000/frr:latest");
        assert_eq!(whole_name("frr@sha256:12"), "frr@sha256:12");
    }
}
