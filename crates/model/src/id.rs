//! Ids as newtypes, so that one kind of id can never be passed where another is meant.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Milliseconds since the Unix epoch, UTC.
pub type TimestampMs = i64;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A new, unique id that sorts by the time it was made (UUID version 7).
            #[must_use]
            pub fn generate() -> Self {
                Self(uuid::Uuid::now_v7().simple().to_string())
            }

            /// Takes an id that was made earlier, or one that a server gave.
            pub fn from_raw(raw: impl Into<String>) -> Self {
                Self(raw.into())
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// One configured remote system.
    ConnectionId
);
id!(
    /// One SSH host; several connections and jump chains may share it.
    SshHostId
);
id!(
    /// One recorded operation.
    RunId
);
id!(
    /// A workspace as its server names it (for Podman: the full container id).
    WorkspaceId
);
id!(
    /// An image as its server names it (for Podman: 64 hexadecimal digits).
    ImageId
);
id!(
    /// One open terminal; it outlives the page that shows it.
    TerminalId
);
id!(
    /// One local listener that carries a workspace's port.
    ForwardId
);
id!(
    /// One tunnel.
    TunnelId
);
id!(
    /// A lab as its server names it (for Netlab: its folder, for Containerlab: its name).
    LabId
);
id!(
    /// One template.
    TemplateId
);
id!(
    /// One question the core waits on a person to answer.
    QuestionId
);
id!(
    /// One thing that was told to the person.
    NoticeId
);
id!(
    /// One link that waits for the person's answer.
    LinkId
);

/// A workspace anywhere: which connection, and which of its workspaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct WorkspaceRef {
    /// The connection that lists it.
    pub connection_id: ConnectionId,
    /// Its id on that server.
    pub workspace_id: WorkspaceId,
}
