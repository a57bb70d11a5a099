//! Taking over what others made.

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::{AdoptionOffer, WorkspaceId};

use crate::{BackendError, Cx};

/// How a workspace was adopted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adopted {
    /// Who works in it, where the workspace does not say so itself.
    pub user: Option<String>,
}

/// Workspaces that others made, treated as if they had been made here. Nothing on the server changes.
#[async_trait]
pub trait Adopt: Send + Sync {
    /// What adopting this one would mean. Reads only.
    async fn offer(&self, id: &WorkspaceId, cx: &Cx) -> Result<AdoptionOffer, BackendError>;

    /// All that are adopted: from now on these are listed as managed and may be changed. Replaces what
    /// was said before.
    fn set_adopted(&self, adopted: BTreeMap<WorkspaceId, Adopted>);
}
