//! What is adopted, as pure state: notes by workspace, kept true to what servers list.

use std::collections::BTreeMap;

use backend_api::Adopted;
use model::{
    ASIDE_SUFFIX, Adoption, ConnectionId, Workspace, WorkspaceId, WorkspaceOrigin, WorkspaceRef,
};

/// A note that has to be stored anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Followed {
    pub(crate) before: WorkspaceRef,
    pub(crate) after: WorkspaceRef,
    pub(crate) adoption: Adoption,
}

/// All adopted workspaces.
#[derive(Default)]
pub(crate) struct Adoptions {
    all: BTreeMap<WorkspaceRef, Adoption>,
}

impl Adoptions {
    pub(crate) fn get(&self, workspace: &WorkspaceRef) -> Option<&Adoption> {
        self.all.get(workspace)
    }

    pub(crate) fn set(&mut self, workspace: WorkspaceRef, adoption: Option<Adoption>) {
        match adoption {
            Some(adoption) => self.all.insert(workspace, adoption),
            None => self.all.remove(&workspace),
        };
    }

    /// The connection was deleted.
    pub(crate) fn gone(&mut self, id: &ConnectionId) {
        self.all.retain(|workspace, _| workspace.connection_id != *id);
    }

    /// The adopted workspaces of a connection.
    pub(crate) fn of(&self, id: &ConnectionId) -> BTreeMap<WorkspaceId, Adopted> {
        super::adopted(self.all.iter(), id)
    }

    /// Follows what a server lists: a workspace that was renamed, and one that was made anew under its
    /// name by whoever made it before. Something else under that name is not taken for it.
    pub(crate) fn follow(&mut self, id: &ConnectionId, rows: &[Workspace]) -> Vec<Followed> {
        let mut followed = Vec::new();
        let of_connection: Vec<(WorkspaceRef, Adoption)> = self
            .all
            .iter()
            .filter(|(workspace, _)| workspace.connection_id == *id)
            .map(|(workspace, adoption)| (workspace.clone(), adoption.clone()))
            .collect();
        for (before, mut adoption) in of_connection {
            let by_id = rows.iter().find(|row| row.id == before.workspace_id);
            let is_anew = |row: &&Workspace| {
                row.name == adoption.name && row.origin != WorkspaceOrigin::Other
            };
            let Some(row) = by_id.or_else(|| rows.iter().find(is_anew)) else { continue };
            let after = WorkspaceRef {
                connection_id: before.connection_id.clone(),
                workspace_id: row.id.clone(),
            };
            // One that is put aside while it is rebuilt keeps its name here: its successor has it.
            let is_aside = row.name.ends_with(ASIDE_SUFFIX);
            if after == before && (row.name == adoption.name || is_aside) {
                continue;
            }
            adoption.name.clone_from(&row.name);
            self.all.remove(&before);
            self.all.insert(after.clone(), adoption.clone());
            followed.push(Followed { before, after, adoption });
        }
        followed
    }
}

#[cfg(test)]
mod tests {
    use model::{
        Adoption, ConnectionId, Workspace, WorkspaceId, WorkspaceOrigin, WorkspaceRef,
        WorkspaceState,
    };

    use super::Adoptions;

    fn row(id: &str, name: &str, origin: WorkspaceOrigin) -> Workspace {
        Workspace {
            id: WorkspaceId::from_raw(id),
            origin,
            is_managed: origin != WorkspaceOrigin::Other,
            ..testkit::fake::workspace(name, WorkspaceState::Running)
        }
    }

    fn adopted(connection_id: &ConnectionId) -> (Adoptions, WorkspaceRef) {
        let workspace = WorkspaceRef {
            connection_id: connection_id.clone(),
            workspace_id: WorkspaceId::from_raw("one"),
        };
        let adoption = Adoption {
            name: "dev-atlas".into(),
            user: Some("dev".into()),
            branch: None,
            repository: None,
            adopted_at: 1,
        };
        let mut all = Adoptions::default();
        all.set(workspace.clone(), Some(adoption));
        (all, workspace)
    }

    #[test]
    fn a_note_follows_its_workspace_through_names_and_ids() {
        let id = ConnectionId::generate();
        let (mut all, one) = adopted(&id);
        assert_eq!(all.follow(&id, &[row("one", "dev-atlas", WorkspaceOrigin::L8s)]), []);
        let renamed = all.follow(&id, &[row("one", "atlas", WorkspaceOrigin::L8s)]);
        assert_eq!((renamed[0].adoption.name.as_str(), &renamed[0].after), ("atlas", &one));
        let aside = format!("atlas{}", model::ASIDE_SUFFIX);
        assert_eq!(all.follow(&id, &[row("one", &aside, WorkspaceOrigin::L8s)]), []);
        let anew = all.follow(&id, &[row("two", "atlas", WorkspaceOrigin::L8s)]);
        assert_eq!(anew[0].after.workspace_id.as_str(), "two");
        assert_eq!(all.get(&one), None);
        assert_eq!(all.of(&id).len(), 1);
    }

    #[test]
    fn a_stranger_under_the_same_name_is_not_adopted() {
        let id = ConnectionId::generate();
        let (mut all, one) = adopted(&id);
        assert_eq!(all.follow(&id, &[row("two", "dev-atlas", WorkspaceOrigin::Other)]), []);
        assert!(all.get(&one).is_some(), "a list without it does not forget it");
        assert_eq!(all.follow(&ConnectionId::generate(), &[]), []);
    }
}
