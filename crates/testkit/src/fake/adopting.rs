//! Adopting on the fake server: a workspace that is not managed is so once it is adopted.

use std::collections::BTreeMap;

use async_trait::async_trait;
use backend_api::{Adopt, Adopted, BackendError, Cx};
use model::{AdoptionOffer, WorkspaceId};

use super::session::FakeSession;

#[async_trait]
impl Adopt for FakeSession {
    async fn offer(&self, id: &WorkspaceId, _cx: &Cx) -> Result<AdoptionOffer, BackendError> {
        self.check()?;
        Ok(AdoptionOffer {
            origin: self.find(id)?.origin,
            user: Some("dev".into()),
            branch: Some("main".into()),
            repository: None,
            facts: Vec::new(),
        })
    }

    fn set_adopted(&self, adopted: BTreeMap<WorkspaceId, Adopted>) {
        self.server.state().adopted = adopted;
    }
}
