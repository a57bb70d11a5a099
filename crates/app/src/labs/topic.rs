//! All labs over all connections, as pure state: what servers list, what is kept, what is being done.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    AutoStop, Connection, ConnectionId, Lab, LabId, LabRef, LabState, LabView, RunId, TimestampMs,
    WorkspaceId, WorkspaceRef,
};
use store::KeptLab;

/// The labs of one connection.
#[derive(Default)]
struct List {
    rows: Vec<Lab>,
    /// When the server listed them.
    seen_at: TimestampMs,
    is_fresh: bool,
}

/// A run that has a lab for itself.
#[derive(Debug, Clone)]
struct Busy {
    connection_id: ConnectionId,
    /// Labs that have no id yet are told apart by their names.
    name: String,
    lab_id: Option<LabId>,
    /// The state that is shown meanwhile instead of the listed one.
    shown: Option<LabState>,
}

/// Which node a console belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Console {
    pub(crate) lab: LabId,
    pub(crate) node: String,
}

/// All labs.
#[derive(Default)]
pub(crate) struct Labs {
    lists: BTreeMap<ConnectionId, List>,
    kept: BTreeMap<LabRef, KeptLab>,
    busy: BTreeMap<RunId, Busy>,
    consoles: BTreeMap<WorkspaceRef, Console>,
}

impl Labs {
    /// Takes what an earlier process stored; it is stale until the server lists again.
    pub(crate) fn restore(&mut self, id: ConnectionId, rows: Vec<Lab>, seen_at: TimestampMs) {
        self.lists.insert(id, List { rows, seen_at, is_fresh: false });
    }

    /// Takes what the server lists now. True when a view changed.
    pub(super) fn listed(&mut self, id: &ConnectionId, rows: Vec<Lab>, at: TimestampMs) -> bool {
        let list = self.lists.entry(id.clone()).or_default();
        let is_changed = !list.is_fresh || list.rows != rows;
        *list = List { rows, seen_at: at, is_fresh: true };
        is_changed
    }

    /// The rows of every connection, with the time they were last seen.
    pub(crate) fn lists(&self) -> Vec<(ConnectionId, Vec<Lab>, TimestampMs)> {
        let lists = self.lists.iter();
        lists.map(|(id, list)| (id.clone(), list.rows.clone(), list.seen_at)).collect()
    }

    /// The server does not answer any more. True when a view changed.
    pub(crate) fn lost(&mut self, id: &ConnectionId) -> bool {
        self.lists.get_mut(id).is_some_and(|list| std::mem::take(&mut list.is_fresh))
    }

    /// The connection was deleted.
    pub(crate) fn gone(&mut self, id: &ConnectionId) {
        self.lists.remove(id);
        self.kept.retain(|lab, _| lab.connection_id != *id);
        self.consoles.retain(|workspace, _| workspace.connection_id != *id);
    }

    /// What is kept of a lab.
    pub(super) fn kept(&self, lab: &LabRef) -> Option<&KeptLab> {
        self.kept.get(lab)
    }

    /// Everything that is kept, by lab.
    pub(super) fn all_kept(&self) -> impl Iterator<Item = (&LabRef, &KeptLab)> {
        self.kept.iter()
    }

    /// Keeps this of a lab from now on.
    pub(crate) fn keep(&mut self, lab: LabRef, kept: KeptLab) {
        if kept.is_empty() {
            self.kept.remove(&lab)
        } else {
            self.kept.insert(lab, kept)
        };
    }

    /// A run has a lab for itself from now on, unless another one has; then that one.
    pub(super) fn began(
        &mut self,
        run: RunId,
        lab: (&ConnectionId, Option<LabId>, &str),
        shown: Option<LabState>,
    ) -> Result<(), RunId> {
        let (connection_id, lab_id, name) = lab;
        if let Some(other) = self.run_of(connection_id, lab_id.as_ref(), name) {
            return Err(other);
        }
        let connection_id = connection_id.clone();
        self.busy.insert(run, Busy { connection_id, name: name.to_owned(), lab_id, shown });
        Ok(())
    }

    /// The lab of a run has this id.
    pub(super) fn named(&mut self, run: &RunId, id: &LabId) {
        if let Some(busy) = self.busy.get_mut(run) {
            busy.lab_id = Some(id.clone());
        }
    }

    /// That run ended.
    pub(super) fn ended(&mut self, run: &RunId) {
        self.busy.remove(run);
    }

    /// The run that has a lab for itself.
    fn run_of(&self, on: &ConnectionId, id: Option<&LabId>, name: &str) -> Option<RunId> {
        let is_it = |busy: &Busy| {
            busy.connection_id == *on
                && match (&busy.lab_id, id) {
                    (Some(theirs), Some(ours)) => theirs == ours,
                    _ => busy.name == name,
                }
        };
        self.busy.iter().find(|(_, busy)| is_it(busy)).map(|(run, _)| run.clone())
    }

    /// The labs of a connection, those that only we know of included.
    pub(super) fn rows(&self, id: &ConnectionId) -> Vec<Lab> {
        let list = self.lists.get(id);
        let mut rows = list.map(|list| list.rows.clone()).unwrap_or_default();
        let listed: BTreeSet<_> = rows.iter().map(|row| row.id.clone()).collect();
        let is_ours = |(lab, kept): &(&LabRef, &KeptLab)| {
            lab.connection_id == *id && kept.origin.is_some() && !listed.contains(&lab.lab_id)
        };
        rows.extend(self.kept.iter().filter(is_ours).map(|(lab, kept)| unlisted(lab, kept)));
        rows
    }

    /// One lab of those.
    pub(super) fn row(&self, lab: &LabRef) -> Option<Lab> {
        self.rows(&lab.connection_id).into_iter().find(|row| row.id == lab.lab_id)
    }

    /// Whether the server listed its labs in this session.
    pub(super) fn is_fresh(&self, id: &ConnectionId) -> bool {
        self.lists.get(id).is_some_and(|list| list.is_fresh)
    }

    /// When the server last listed.
    pub(super) fn seen_at(&self, id: &ConnectionId) -> Option<TimestampMs> {
        self.lists.get(id).map(|list| list.seen_at)
    }

    /// Number of labs of a connection.
    pub(crate) fn count(&self, id: &ConnectionId) -> u32 {
        u32::try_from(self.rows(id).len()).unwrap_or(u32::MAX)
    }

    /// The labs of one connection as pages show them, by name.
    pub(crate) fn views(&self, connection: &Connection) -> Vec<LabView> {
        let rows = self.rows(&connection.id);
        let mut views: Vec<_> = rows.into_iter().map(|row| self.view(connection, row)).collect();
        views.sort_by(|a, b| (&a.lab.name, &a.lab.id).cmp(&(&b.lab.name, &b.lab.id)));
        views
    }

    /// One lab as pages show it.
    pub(super) fn view(&self, connection: &Connection, mut lab: Lab) -> LabView {
        let lab_ref = LabRef { connection_id: connection.id.clone(), lab_id: lab.id.clone() };
        let run_id = self.run_of(&connection.id, Some(&lab.id), &lab.name);
        let busy = run_id.as_ref().and_then(|run| self.busy.get(run));
        let list = self.lists.get(&connection.id);
        let is_fresh = list.is_some_and(|list| list.is_fresh);
        if !is_fresh {
            lab.state = LabState::Unknown;
            lab.state_remark = None;
        } else if let Some(shown) = busy.and_then(|busy| busy.shown) {
            lab.state = shown;
        }
        let kept = self.kept.get(&lab_ref);
        LabView {
            connection_name: connection.name.clone(),
            stale_since: (!is_fresh).then(|| list.map_or(0, |list| list.seen_at)),
            is_favourite: kept.is_some_and(|kept| kept.is_favourite),
            origin: kept.and_then(|kept| kept.origin.clone()),
            auto_stop: kept.and_then(auto_stop),
            run_id,
            lab,
            lab_ref,
        }
    }

    /// The consoles of a lab's nodes, as the server tells them now.
    pub(super) fn set_consoles(&mut self, lab: &LabRef, nodes: Vec<(String, WorkspaceId)>) {
        let connection_id = &lab.connection_id;
        self.consoles.retain(|workspace, console| {
            workspace.connection_id != *connection_id || console.lab != lab.lab_id
        });
        for (node, workspace_id) in nodes {
            let workspace = WorkspaceRef { connection_id: connection_id.clone(), workspace_id };
            self.consoles.insert(workspace, Console { lab: lab.lab_id.clone(), node });
        }
    }

    /// The node that a console belongs to.
    pub(crate) fn console(&self, workspace: &WorkspaceRef) -> Option<&Console> {
        self.consoles.get(workspace)
    }

    /// The consoles of labs that have no nodes any more.
    pub(super) fn dead_consoles(&self, id: &ConnectionId) -> Vec<WorkspaceRef> {
        let rows = self.rows(id);
        let is_dead = |console: &Console| {
            let row = rows.iter().find(|row| row.id == console.lab);
            row.is_none_or(|row| matches!(row.state, LabState::Created | LabState::Stopped))
        };
        let of = self.consoles.iter().filter(|(workspace, _)| workspace.connection_id == *id);
        of.filter(|(_, console)| is_dead(console)).map(|(workspace, _)| workspace.clone()).collect()
    }
}

fn auto_stop(kept: &KeptLab) -> Option<AutoStop> {
    match (kept.auto_stop_at, kept.auto_stop_minutes) {
        (None, None) => None,
        (at, after_minutes) => Some(AutoStop { at: at.unwrap_or_default(), after_minutes }),
    }
}

/// A lab we made, of which its server has no trace: how the last run left it.
fn unlisted(lab: &LabRef, kept: &KeptLab) -> Lab {
    let state = match kept.state {
        // What ran or was half there is not there any more.
        Some(LabState::Failed) => LabState::Failed,
        _ => LabState::Created,
    };
    Lab {
        id: lab.lab_id.clone(),
        name: kept.name.clone(),
        state,
        state_remark: None,
        instance: kept.instance.map(|instance| instance.to_string()),
        owner: None,
        is_mine: true,
        nodes_running: None,
        nodes_total: None,
        started_at: None,
        path: None,
    }
}

#[cfg(test)]
#[path = "topic_tests.rs"]
mod tests;
