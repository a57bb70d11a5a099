//! `Backend` makes sessions; a `Session` is one live connection and says what it can do.

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::{
    Abilities, Descriptor, FieldProblem, FormValues, Secret, ServerInfo, Workspace,
    WorkspaceDetail, WorkspaceId,
};

use crate::{
    Adopt, Apply, BackendError, Cx, Diagnose, Endpoints, Exec, Files, Images, Labs, Lifecycle,
    Logs, Metrics, Rebuild, SetUp, SshAccess, Volumes, Watch,
};

/// What a backend is given to connect.
#[derive(Debug)]
pub struct ConnectInput {
    /// The connection's name, for messages.
    pub name: String,
    pub fields: FormValues,
    pub secrets: BTreeMap<String, Secret<String>>,
}

/// One kind of remote system. Stateless; one value per kind for the whole app.
#[async_trait]
pub trait Backend: Send + Sync {
    /// What this backend says of itself: fields, words, notes.
    fn descriptor(&self) -> Descriptor;

    /// Looks at the fields of a connection without talking to anything. Empty means they will do.
    fn validate(&self, fields: &FormValues) -> Vec<FieldProblem>;

    /// Connects and checks that the right thing answers. Cancel by `cx.cancel` or by dropping.
    async fn connect(&self, input: ConnectInput, cx: Cx) -> Result<Box<dyn Session>, BackendError>;

    /// The staged test of a connection, where there is one.
    fn diagnose(&self) -> Option<&dyn Diagnose> {
        None
    }

    /// The script that prepares a server, where there is one.
    fn set_up(&self) -> Option<&dyn SetUp> {
        None
    }
}

/// One live connection. Dropping it disconnects. Every method may be called many times at once.
#[async_trait]
pub trait Session: Send + Sync {
    /// What is known about the server. Asked again for free memory and disk.
    async fn server(&self, cx: &Cx) -> Result<ServerInfo, BackendError>;

    /// Asks the server for a sign of life with the smallest request it has.
    async fn ping(&self, cx: &Cx) -> Result<(), BackendError>;

    /// All workspaces, in any state. A server of another kind (one of labs) has none.
    async fn list(&self, _cx: &Cx) -> Result<Vec<Workspace>, BackendError> {
        Ok(Vec::new())
    }

    /// The list as it was while connecting, where that came along for nothing. Given out once, for the first
    /// look; what changed since is in the next `list`.
    fn first_list(&self) -> Option<Vec<Workspace>> {
        None
    }

    /// One workspace with everything the list leaves out.
    async fn inspect(&self, id: &WorkspaceId, _cx: &Cx) -> Result<WorkspaceDetail, BackendError> {
        Err(BackendError::not_found(format!("there is no workspace {id}")))
    }

    fn lifecycle(&self) -> Option<&dyn Lifecycle> {
        None
    }
    fn watch(&self) -> Option<&dyn Watch> {
        None
    }
    fn endpoints(&self) -> Option<&dyn Endpoints> {
        None
    }
    fn logs(&self) -> Option<&dyn Logs> {
        None
    }
    fn exec(&self) -> Option<&dyn Exec> {
        None
    }
    fn files(&self) -> Option<&dyn Files> {
        None
    }
    fn metrics(&self) -> Option<&dyn Metrics> {
        None
    }
    fn apply(&self) -> Option<&dyn Apply> {
        None
    }
    fn ssh_access(&self) -> Option<&dyn SshAccess> {
        None
    }
    fn rebuild(&self) -> Option<&dyn Rebuild> {
        None
    }
    fn images(&self) -> Option<&dyn Images> {
        None
    }
    fn adopt(&self) -> Option<&dyn Adopt> {
        None
    }
    fn volumes(&self) -> Option<&dyn Volumes> {
        None
    }
    fn labs(&self) -> Option<&dyn Labs> {
        None
    }

    /// What this session can do, computed from the accessors.
    fn abilities(&self) -> Abilities {
        Abilities {
            lifecycle: self.lifecycle().is_some(),
            watch: self.watch().is_some(),
            endpoints: self.endpoints().is_some(),
            logs: self.logs().is_some(),
            exec: self.exec().is_some(),
            files: self.files().is_some(),
            metrics: self.metrics().is_some(),
            apply: self.apply().is_some(),
            rebuild: self.rebuild().is_some(),
            volumes: self.volumes().is_some(),
            ssh_access: self.ssh_access().is_some(),
            images: self.images().is_some(),
            adopt: self.adopt().is_some(),
            labs: self.labs().is_some(),
        }
    }
}
