//! Follows a server that changes its host keys: what it announces it has to prove first.

use std::sync::Arc;
use std::time::Duration;

use model::HostAddress;
use russh::client::Handle;

use crate::TrustFiles;
use crate::guard::Guard;
use crate::trust::Rotation;
use crate::vitals::Vitals;

/// How long the server may take to sign for its keys.
const PROOF_LIMIT: Duration = Duration::from_secs(30);

/// Waits for the announcement of one connection.
pub(crate) struct Rotating {
    pub(crate) handle: Arc<Handle<Guard>>,
    pub(crate) vitals: Arc<Vitals>,
    pub(crate) files: TrustFiles,
    pub(crate) address: HostAddress,
}

impl Rotating {
    pub(crate) async fn run(self) {
        let announced = self.vitals.announced().await;
        // Known by a certificate: its authority says which keys are good.
        let Some(in_use) = self.vitals.host_key() else { return };
        let (files, address) = (self.files.clone(), self.address.clone());
        let plan = move || Rotation::plan(&files, &address, &in_use, &announced);
        let Ok(plan) = tokio::task::spawn_blocking(plan).await else { return };
        if plan.is_empty() || !self.is_proven(&plan).await {
            return;
        }
        let (files, address) = (self.files, self.address);
        let write = move || {
            let (new, old) = (plan.add.len(), plan.remove.len());
            match plan.apply(&files, &address) {
                Ok(()) => tracing::info!(new, old, "the server's new host keys are known"),
                Err(error) => tracing::warn!(%error, "new host keys cannot be remembered"),
            }
        };
        let _ = tokio::task::spawn_blocking(write).await;
    }

    async fn is_proven(&self, plan: &Rotation) -> bool {
        if plan.add.is_empty() {
            return true;
        }
        let proof = self.handle.hostkeys_prove(plan.add.clone());
        match tokio::time::timeout(PROOF_LIMIT, proof).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the server does not prove the host keys it announces");
                false
            }
            Err(_) => false,
        }
    }
}
