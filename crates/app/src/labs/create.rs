//! New labs: what one would do, and beginning it.

use std::sync::Arc;

use model::{ConnectionId, ErrorCode, Failure, LabInput, LabPlan, LabVerb, LabView, RunId};

use super::{asked::Asked, begin, name};
use crate::{Core, shared::Shared};

impl Core {
    /// What making a lab would do. Reads only; bad input becomes problems of the plan.
    ///
    /// # Errors
    /// `Unreachable` when the server is not connected, `Unsupported` when it runs no labs, `NotFound` when
    /// the template is gone.
    pub async fn lab_create_plan(
        &self,
        input: LabInput,
        verb: LabVerb,
    ) -> Result<LabPlan, Failure> {
        let connection_id = input.connection_id.clone();
        let asked = made(input, verb)?;
        let taken = names(&self.shared, &connection_id).await?;
        let problem = name::check(&asked.name, &taken).filter(|_| verb != LabVerb::Validate);
        // A name that no server takes is not asked about.
        let shown = if name::problem(&asked.name).is_some() {
            Asked { name: "lab".into(), ..asked }
        } else {
            asked
        };
        let mut plan = begin::plan(&self.shared, &connection_id, &shown).await?;
        if let Some(problem) = problem {
            plan.problems.retain(|known| known.field != problem.field);
            plan.problems.insert(0, problem);
        }
        Ok(plan)
    }

    /// Begins the first run of a new lab. It is kept from the moment its server has an id for it.
    ///
    /// # Errors
    /// As `lab_create_plan`; `Invalid` or `Conflict` for its name.
    pub async fn lab_create(&self, input: LabInput, verb: LabVerb) -> Result<RunId, Failure> {
        let connection_id = input.connection_id.clone();
        let mut asked = made(input, verb)?;
        if verb == LabVerb::Validate && name::problem(&asked.name).is_some() {
            // Nothing of that name is made.
            asked.name = "lab".into();
        }
        refuse_taken(&self.shared, &connection_id, &asked).await?;
        let live = self.shared.live(&connection_id).await?;
        begin::begin(&self.shared, live, asked).await
    }
}

fn made(input: LabInput, verb: LabVerb) -> Result<Asked, Failure> {
    if !matches!(verb, LabVerb::Validate | LabVerb::Create | LabVerb::Start) {
        return Err(Failure::new(ErrorCode::Invalid, "a new lab is validated, created or started")
            .with_hint("Create it first.")
            .with_field("verb"));
    }
    let name = input.name.trim().to_owned();
    Ok(Asked::new(LabInput { name, ..input }, verb))
}

/// Refuses a name that will not do. Validating makes nothing and takes any.
pub(super) async fn refuse_taken(
    shared: &Arc<Shared>,
    connection_id: &ConnectionId,
    asked: &Asked,
) -> Result<(), Failure> {
    let taken = match asked.verb {
        LabVerb::Validate => Vec::new(),
        _ => names(shared, connection_id).await?,
    };
    name::refuse(&asked.name, &taken)
}

async fn names(shared: &Arc<Shared>, id: &ConnectionId) -> Result<Vec<String>, Failure> {
    let id = id.clone();
    let views = shared.owner.with(move |state| state.lab_views_of(&id)).await?;
    Ok(views.into_iter().map(|view: LabView| view.lab.name).collect())
}
