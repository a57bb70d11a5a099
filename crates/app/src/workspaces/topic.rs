//! All workspaces over all connections, as pure state: rows, marks of staleness, what is being done.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Connection, ConnectionId, Forward, RunId, TimestampMs, Workspace, WorkspaceId, WorkspaceRef,
    WorkspaceState, WorkspaceView,
};

use crate::adopt::Adoptions;

/// The rows of one connection.
#[derive(Default)]
struct List {
    rows: Vec<Workspace>,
    /// When the server listed them.
    seen_at: TimestampMs,
    is_fresh: bool,
    /// Which run has a workspace for itself, and the state that is shown instead of the listed one, if any.
    busy: BTreeMap<WorkspaceId, (RunId, Option<WorkspaceState>)>,
}

/// All workspaces.
#[derive(Default)]
pub(crate) struct Workspaces {
    lists: BTreeMap<ConnectionId, List>,
    favourites: BTreeSet<WorkspaceRef>,
    pub(crate) adoptions: Adoptions,
}

impl Workspaces {
    /// Takes the rows an earlier process stored; they are stale until the server lists again.
    pub(crate) fn restore(&mut self, id: ConnectionId, rows: Vec<Workspace>, seen_at: TimestampMs) {
        self.lists.insert(id, List { rows, seen_at, is_fresh: false, busy: BTreeMap::new() });
    }

    /// Takes what the server lists now. True when a view changed.
    pub(crate) fn listed(
        &mut self,
        id: &ConnectionId,
        rows: Vec<Workspace>,
        at: TimestampMs,
    ) -> bool {
        let list = self.lists.entry(id.clone()).or_default();
        let is_changed = !list.is_fresh || list.rows != rows;
        list.rows = rows;
        list.seen_at = at;
        list.is_fresh = true;
        is_changed
    }

    /// The rows of every connection, with the time they were last seen.
    pub(crate) fn lists(&self) -> Vec<(ConnectionId, Vec<Workspace>, TimestampMs)> {
        let lists = self.lists.iter();
        lists.map(|(id, list)| (id.clone(), list.rows.clone(), list.seen_at)).collect()
    }

    /// The rows of one connection, where its server listed them in this session.
    pub(crate) fn fresh(&self, id: &ConnectionId) -> Option<Vec<Workspace>> {
        self.lists.get(id).filter(|list| list.is_fresh).map(|list| list.rows.clone())
    }

    /// The server does not answer any more. True when a view changed.
    pub(crate) fn lost(&mut self, id: &ConnectionId) -> bool {
        self.lists.get_mut(id).is_some_and(|list| std::mem::take(&mut list.is_fresh))
    }

    /// The connection was deleted.
    pub(crate) fn gone(&mut self, id: &ConnectionId) {
        self.lists.remove(id);
        self.favourites.retain(|favourite| favourite.connection_id != *id);
        self.adoptions.gone(id);
    }

    /// A run has a workspace for itself from now on; meanwhile it is shown in this state, if in any.
    pub(crate) fn began(
        &mut self,
        workspace: &WorkspaceRef,
        run: RunId,
        shown: Option<WorkspaceState>,
    ) {
        if let Some(list) = self.lists.get_mut(&workspace.connection_id) {
            list.busy.insert(workspace.workspace_id.clone(), (run, shown));
        }
    }

    /// That run ended; a later one's mark stays.
    pub(crate) fn ended(&mut self, workspace: &WorkspaceRef, run: &RunId) {
        if let Some(list) = self.lists.get_mut(&workspace.connection_id)
            && list.busy.get(&workspace.workspace_id).is_some_and(|(by, _)| by == run)
        {
            list.busy.remove(&workspace.workspace_id);
        }
    }

    /// Whether a run has this workspace for itself.
    pub(crate) fn is_busy(&self, workspace: &WorkspaceRef) -> bool {
        self.lists
            .get(&workspace.connection_id)
            .is_some_and(|list| list.busy.contains_key(&workspace.workspace_id))
    }

    pub(crate) fn set_favourite(&mut self, workspace: WorkspaceRef, is_favourite: bool) {
        if is_favourite {
            self.favourites.insert(workspace);
        } else {
            self.favourites.remove(&workspace);
        }
    }

    pub(crate) fn is_favourite(&self, workspace: &WorkspaceRef) -> bool {
        self.favourites.contains(workspace)
    }

    /// Number of rows last listed.
    pub(crate) fn count(&self, id: &ConnectionId) -> u32 {
        self.lists.get(id).map_or(0, |list| u32::try_from(list.rows.len()).unwrap_or(u32::MAX))
    }

    /// A row as it was last listed.
    pub(crate) fn row(&self, workspace: &WorkspaceRef) -> Option<&Workspace> {
        let list = self.lists.get(&workspace.connection_id)?;
        list.rows.iter().find(|row| row.id == workspace.workspace_id)
    }

    /// The workspaces that are listed as running now.
    pub(crate) fn is_running(&self, workspace: &WorkspaceRef) -> bool {
        self.row(workspace).is_some_and(|row| row.state == WorkspaceState::Running)
    }

    /// The rows of one connection as pages show them, by name.
    pub(crate) fn views(
        &self,
        connection: &Connection,
        forwards: &[Forward],
    ) -> Vec<WorkspaceView> {
        let Some(list) = self.lists.get(&connection.id) else { return Vec::new() };
        let mut views: Vec<_> =
            list.rows.iter().map(|row| self.view(connection, list, row, forwards)).collect();
        views.sort_by(|a, b| a.workspace.name.cmp(&b.workspace.name));
        views
    }

    fn view(
        &self,
        connection: &Connection,
        list: &List,
        row: &Workspace,
        forwards: &[Forward],
    ) -> WorkspaceView {
        let workspace_ref =
            WorkspaceRef { connection_id: connection.id.clone(), workspace_id: row.id.clone() };
        let mut workspace = row.clone();
        if !list.is_fresh {
            workspace.state = WorkspaceState::Unknown;
            workspace.state_remark = None;
        } else if let Some((_, Some(state))) = list.busy.get(&row.id) {
            workspace.state = *state;
            workspace.state_remark = None;
        }
        let adoption = self.adoptions.get(&workspace_ref).cloned();
        if let Some(adoption) = &adoption {
            workspace.branch = workspace.branch.or_else(|| adoption.branch.clone());
        }
        WorkspaceView {
            adoption,
            connection_name: connection.name.clone(),
            stale_since: (!list.is_fresh).then_some(list.seen_at),
            is_favourite: self.favourites.contains(&workspace_ref),
            forwards: forwards
                .iter()
                .filter(|forward| forward.workspace == workspace_ref)
                .cloned()
                .collect(),
            workspace,
            workspace_ref,
        }
    }
}
