//! What a session remembers of a container, for messages and for dialling its ports.

use model::Workspace;

use crate::convert;
use crate::wire::{Inspected, Listed};

/// What is kept of a container between calls. Its published ports never change while its id lives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) is_managed: bool,
    /// Port inside, and address and port on the server.
    pub(crate) published: Vec<(u16, String, u16)>,
}

impl Known {
    pub(crate) fn from_inspect(found: &Inspected) -> Self {
        let published = convert::bindings(found).into_iter().filter_map(|(key, list)| {
            let port = key.strip_suffix("/tcp")?.parse().ok()?;
            let binding = list.first()?;
            Some((port, binding.host_ip.clone(), binding.host_port.parse().ok()?))
        });
        Self {
            name: found.name.clone(),
            is_managed: convert::is_managed(&found.config.labels),
            published: published.collect(),
        }
    }

    pub(crate) fn from_list(listed: &Listed, workspace: &Workspace) -> Self {
        let published = workspace.ports.iter().filter_map(|port| {
            let server_port = port.server_port?;
            let mapping = listed.ports.iter().find(|one| {
                server_port
                    .checked_sub(one.host_port)
                    .is_some_and(|offset| offset < one.range.max(1))
            })?;
            Some((port.port, mapping.host_ip.clone(), server_port))
        });
        Self {
            name: workspace.name.clone(),
            is_managed: workspace.is_managed,
            published: published.collect(),
        }
    }
}
