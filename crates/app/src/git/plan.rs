//! Plans of workspaces from git: our fields are taken out, the backend plans the container, and what comes
//! after it is put behind.

use std::sync::Arc;

use model::{ConnectionId, ErrorCode, Failure, FieldProblem, FormValues, GitSource, Plan};

use super::{
    Making,
    choice::{self, Chosen, choose},
    ensure_able, naming,
    source::{self, Place, Source},
};
use crate::{Core, ca};

impl Core {
    /// Takes our part out of a form's input, plans the rest, and puts our part behind it.
    pub(crate) async fn git_plan(
        &self,
        id: &ConnectionId,
        input: &FormValues,
    ) -> Result<Plan, Failure> {
        let (source, rest) = source::split(input, &self.shared.home_folder);
        let live = self.shared.live(id).await?;
        let apply = live.session.apply().ok_or_else(|| live.cannot("make workspaces"))?;
        let source = match source {
            Ok(None) => return live.call(apply.plan(&rest, &live.cx())).await,
            Ok(Some(source)) => source,
            Err(problem) => {
                let mut plan = live.call(apply.plan(&rest, &live.cx())).await?;
                plan.problems.insert(0, problem);
                return Ok(plan);
            }
        };
        ensure_able(&live)?;
        let looked = match self.looked(&source).await {
            Ok(looked) => looked,
            Err(problem) => {
                let mut plan = live.call(apply.plan(&rest, &live.cx())).await?;
                plan.problems.insert(0, problem);
                return Ok(plan);
            }
        };
        let rest = self.completed(&source, looked.as_ref(), rest).await?;
        let mut plan = live.call(apply.plan(&rest, &live.cx())).await?;
        extend(&mut plan, input, &source, looked.as_ref());
        Ok(plan)
    }

    /// What comes after the backend's part of a plan; the plan is cut to that part.
    pub(crate) fn git_making(&self, plan: &mut Plan) -> Result<Option<Making>, Failure> {
        let (source, rest) = source::split(&plan.input, &self.shared.home_folder);
        let Some(source) = source.map_err(refused)? else { return Ok(None) };
        let steps = choice::steps(&source, &plan.subject, None).len();
        let first = plan.steps.len().saturating_sub(steps);
        let steps = plan.steps.get(first..).unwrap_or_default().to_vec();
        let making = Making { shared: Arc::clone(&self.shared), source, steps };
        making.cut(plan);
        plan.input = rest;
        Ok(Some(making))
    }

    /// What a folder holds; a URL is asked only when the run begins.
    async fn looked(&self, source: &Source) -> Result<Option<(GitSource, Chosen)>, FieldProblem> {
        match &source.place {
            Place::Url(_) => Ok(None),
            Place::Folder(folder) => {
                let looked = source::look_at_folder(folder, &self.local_cx()).await;
                let looked = looked.map_err(problem_of)?;
                let chosen = choose(&looked, source.branch.as_deref())?;
                Ok(Some((looked, chosen)))
            }
        }
    }

    /// What the backend writes down about where the workspace came from.
    async fn completed(
        &self,
        source: &Source,
        looked: Option<&(GitSource, Chosen)>,
        mut rest: FormValues,
    ) -> Result<FormValues, Failure> {
        let (repository, name) = match (&source.place, looked) {
            (Place::Url(url), _) => {
                let repository = naming::repository_name(Some(url), url);
                let name = naming::workspace_name(&repository, url);
                (repository, name)
            }
            (Place::Folder(_), Some((looked, _))) => {
                (looked.repository.clone(), looked.suggested_name.clone())
            }
            (Place::Folder(_), None) => return Ok(rest),
        };
        let is_named = rest.get("name").is_some_and(|name| !name.trim().is_empty());
        if !is_named {
            rest.insert("name".into(), name);
        }
        let branch =
            looked.map(|(_, chosen)| chosen.branch.clone()).or_else(|| source.branch.clone());
        rest.extend(branch.map(|branch| ("branch".to_owned(), branch)));
        rest.insert("repository".into(), repository);
        let keys = ca::own_keys(&self.shared.data_folder).await?;
        rest.insert("host_authority".into(), keys.authority.fingerprint());
        Ok(rest)
    }
}

/// Puts our part behind the backend's.
fn extend(
    plan: &mut Plan,
    input: &FormValues,
    source: &Source,
    looked: Option<&(GitSource, Chosen)>,
) {
    let looked = looked.map(|(looked, chosen)| (looked, chosen));
    plan.steps.extend(choice::steps(source, &plan.subject, looked));
    let ours = input.iter().filter(|(name, _)| name.starts_with("git_"));
    plan.input.extend(ours.map(|(name, value)| (name.clone(), value.clone())));
    if plan.input.get("start").is_some_and(|start| start == "false") {
        plan.problems.push(source::problem("start", "a workspace from git has to be started"));
    }
    let Some((looked, chosen)) = looked else { return };
    if looked.changed_files > 0 && chosen.from.is_some() {
        let (files, are) =
            if looked.changed_files == 1 { ("file", "is") } else { ("files", "are") };
        plan.warnings.push(format!(
            "{} {files} with changes {are} not committed, and not pushed",
            looked.changed_files
        ));
    }
    if looked.has_submodules {
        plan.warnings.push(
            "Submodules are not pushed: run git submodule update --init in the workspace".into(),
        );
    }
    // A command for the container alone would promise too much.
    plan.command = None;
}

/// A problem of a field as the refusal of a call.
pub(super) fn refused(problem: FieldProblem) -> Failure {
    let hint = problem.suggestion.map_or_else(
        || "Change the value and try again.".to_owned(),
        |value| format!("{value} would work."),
    );
    Failure::new(ErrorCode::Invalid, problem.message).with_field(problem.field).with_hint(hint)
}

/// A failure about the source as a problem of its field.
fn problem_of(failure: Failure) -> FieldProblem {
    let field = failure.field.unwrap_or_else(|| source::FOLDER.to_owned());
    let message = match (failure.code, failure.hint) {
        (ErrorCode::Invalid, None) => failure.message,
        (_, Some(hint)) => format!("{}. {hint}", failure.message),
        (_, None) => failure.message,
    };
    FieldProblem { field, message, suggestion: None }
}
