//! Ties a workspace that stands to a folder of this computer.

use backend_api::{Cx, StepSink};
use model::{Failure, GitLink};

use super::{
    Job,
    access::{self, PROJECT},
    inside::Inside,
    program::Git,
    source::look_at_folder,
    sync::{add_remote, make_repository},
    tunnel::Tunnel,
};
use crate::{ca, sessions::Live};

impl Job {
    /// Access, repository, remote.
    pub(super) async fn tie(
        &self,
        live: &Live,
        steps: &dyn StepSink,
        name: &str,
        folder: &str,
        cx: &Cx,
    ) -> Result<(), Failure> {
        let looked = look_at_folder(folder.as_ref(), cx).await?;
        let root = looked.folder.clone().unwrap_or_else(|| folder.to_owned());
        let inside = Inside { live, id: &self.workspace.workspace_id, name };
        let keys = ca::own_keys(&self.shared.data_folder).await?;
        let made = access::set_up(&inside, &keys, &self.shared.home_folder, None, cx).await?;
        let tunnel = Tunnel::open(&self.shared, &self.workspace, &made.guest.name, &keys).await?;
        tunnel.check(name, cx).await?;
        steps.begin(1);
        make_repository(&inside, looked.head.branch().unwrap_or("main"), cx).await?;
        steps.begin(2);
        let git = Git::inside(&root).over(&tunnel.config);
        let url = format!("{}:{}", tunnel.alias, PROJECT);
        let remote = add_remote(&git, &url, name, cx).await?;
        let link = GitLink {
            folder: Some(root),
            remote: Some(remote),
            user: made.guest.name,
            path: PROJECT.into(),
            certificate_until: made.certificate_until,
        };
        Ok(self.shared.store.put_git_link(&self.workspace, name, &link).await?)
    }
}
