//! What was there before an operation, so that afterwards it can be told whether the operation happened.
//!
//! Deliberately not here: whether the lab is as it should be. A lab that runs may run since long before.

use std::collections::BTreeSet;

use backend_api::{BackendError, Cx, LabRequest};
use model::{LabVerb, TimestampMs};

use crate::session::ClabSession;
use crate::state::up_for;
use crate::verify::word;
use crate::wire::Container;

/// The lab when an operation was about to be given to the server.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Before {
    /// By this computer's clock; none when nobody wrote it down.
    since: Option<TimestampMs>,
    /// Whether the lab had nodes that this account sees.
    had_nodes: bool,
    /// Ids of its containers, while the session that looked is the same.
    ids: Option<BTreeSet<String>>,
}

impl Before {
    /// Looks where what is there afterwards would not tell enough.
    pub(crate) async fn look(
        session: &ClabSession,
        request: &LabRequest,
        cx: &Cx,
    ) -> Result<Self, BackendError> {
        let since = Some(cx.clock.now());
        match request.verb {
            LabVerb::Restart | LabVerb::Apply | LabVerb::Redeploy | LabVerb::Destroy => {
                let own = session.containers(&request.name, cx).await?;
                let ids = own.iter().map(|one| one.container_id.clone()).collect();
                Ok(Self { since, had_nodes: !own.is_empty(), ids: Some(ids) })
            }
            _ => Ok(Self { since, ..Self::default() }),
        }
    }

    /// The name under which the operation is remembered, with what a later session needs.
    pub(crate) fn job(&self, verb: LabVerb) -> String {
        let nodes = if self.had_nodes { "nodes" } else { "none" };
        format!("{}-{}-{nodes}", word(verb), self.since.unwrap_or_default())
    }

    /// The other way round; anything odd tells nothing.
    pub(crate) fn of_job(job: &str) -> Self {
        let mut parts = job.split('-').skip(1);
        let since = parts.next().and_then(|since| since.parse().ok());
        Self { since, had_nodes: parts.next() == Some("nodes"), ids: None }
    }

    pub(crate) fn had_nodes(&self) -> bool {
        self.had_nodes
    }

    /// Whether every container was made or started since. `asked_at` is when they were asked for.
    pub(crate) fn all_anew(&self, own: &[Container], asked_at: TimestampMs) -> bool {
        !own.is_empty() && own.iter().all(|one| self.is_anew(one, asked_at))
    }

    fn is_anew(&self, one: &Container, asked_at: TimestampMs) -> bool {
        if self.ids.as_ref().is_some_and(|ids| !ids.contains(&one.container_id)) {
            return true;
        }
        let (Some(since), Some((age, unit))) = (self.since, up_for(&one.status)) else {
            return false;
        };
        // The words round: it may be older by one unit.
        let oldest = age.saturating_add(unit);
        asked_at.saturating_sub(since) >= oldest
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::LabVerb;
    use proptest::prelude::*;

    use super::Before;
    use crate::wire::Container;

    fn up(id: &str, status: &str) -> Container {
        Container { container_id: id.into(), status: status.into(), ..Container::default() }
    }

    #[test]
    fn a_container_is_anew_by_its_id_or_its_age() {
        let ids = BTreeSet::from(["1".to_owned()]);
        let before = Before { since: Some(100_000), had_nodes: true, ids: Some(ids) };
        assert!(before.all_anew(&[up("2", "Up 3 minutes")], 100_500));
        assert!(!before.all_anew(&[up("1", "Up 2 seconds")], 102_500));
        assert!(before.all_anew(&[up("1", "Up 2 seconds")], 103_000));
        assert!(!before.all_anew(&[up("1", "Up 2 seconds"), up("1", "Up 2 hours")], 104_000));
        assert!(!before.all_anew(&[], 104_000));
        assert!(!Before::of_job("restart").all_anew(&[up("1", "Up 2 seconds")], 104_000));
    }

    proptest! {
        #[test]
        fn what_a_later_session_needs_is_in_the_name(since in 0_i64.., had_nodes in any::<bool>()) {
            let before = Before { since: Some(since), had_nodes, ids: None };
            prop_assert_eq!(Before::of_job(&before.job(LabVerb::Restart)), before);
        }

        #[test]
        fn any_name_is_read(job in "\\PC{0,40}") {
            let _ = Before::of_job(&job);
        }
    }
}
