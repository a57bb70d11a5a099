//! Links that other programs hand over: read strictly, shown to the person, followed only after a yes.
//!
//! How a link reaches the app is the host's business.

mod parse;

use std::sync::Arc;

use model::{ErrorCode, Failure, LinkId, LinkRequest, LinkTarget, WorkspaceRef};

use crate::{Core, state::State};
use parse::Link;

/// The scheme with its colon, for hosts that look for links among other words.
pub use parse::SCHEME;

/// Links that may wait; a page that floods the app with more is not heard.
const MOST: usize = 4;
/// What is shown of a link.
const SHOWN: usize = 300;

impl Core {
    /// Puts a link before the person. Nothing else happens until they answer. Returns at once; call it
    /// from any thread.
    pub fn link_open(&self, text: &str) {
        let (shared, text) = (Arc::clone(&self.shared), text.to_owned());
        self.shared.runtime.spawn(self.shared.tasks.track_future(async move {
            let ask = move |state: &mut State| {
                if state.links.len() >= MOST {
                    tracing::warn!("a link was left out: too many wait already");
                    return;
                }
                let target = match parse::parse(&text) {
                    Ok(link) => resolve(state, link),
                    Err(reason) => nowhere(&reason),
                };
                let text = shown(&text);
                state.links.push(LinkRequest { id: LinkId::generate(), text, target });
                state.changes.is_links = true;
            };
            drop(shared.owner.with(ask).await);
        }));
    }

    /// The links that wait for an answer, oldest first.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn links(&self) -> Result<Vec<LinkRequest>, Failure> {
        self.shared.owner.with(|state| state.links.clone()).await
    }

    /// Takes a link off the table. Where it leads, when the person said yes and it still leads somewhere.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn link_answer(
        &self,
        id: LinkId,
        accepts: LinkAnswer,
    ) -> Result<Option<LinkTarget>, Failure> {
        let take = move |state: &mut State| {
            let position = state.links.iter().position(|link| link.id == id)?;
            state.changes.is_links = true;
            let target = state.links.remove(position).target;
            let leads = !matches!(target, LinkTarget::Nowhere { .. });
            (accepts == LinkAnswer::Follow && leads).then_some(target)
        };
        self.shared.owner.with(take).await
    }
}

/// What the person said to a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum LinkAnswer {
    Follow,
    Ignore,
}

fn shown(text: &str) -> String {
    let clean = |letter: char| if letter.is_control() { '\u{fffd}' } else { letter };
    text.chars().take(SHOWN).map(clean).collect()
}

/// What the link names among the things that are known.
fn resolve(state: &State, link: Link) -> LinkTarget {
    match link {
        Link::AddConnection { name, host, port, user } => {
            LinkTarget::AddConnection { name, host, port, user }
        }
        Link::Connection { connection } => match find(state, &connection) {
            Ok((connection_id, name)) => LinkTarget::Connection { connection_id, name },
            Err(target) => target,
        },
        Link::Tunnel { tunnel: wanted } => {
            let mut all = state.tunnels.values().map(|entry| &entry.tunnel);
            let is_it = |one: &&model::Tunnel| {
                one.name.eq_ignore_ascii_case(&wanted) || one.id.as_str() == wanted
            };
            match all.find(is_it) {
                Some(one) => {
                    LinkTarget::Tunnel { tunnel_id: one.id.clone(), name: one.name.clone() }
                }
                None => LinkTarget::Nowhere {
                    failure: Failure::new(
                        ErrorCode::NotFound,
                        format!("there is no tunnel called \"{wanted}\" here"),
                    )
                    .with_hint(
                        "It may have been renamed or removed, or the link is for somebody else.",
                    ),
                },
            }
        }
        Link::Lab { connection, lab } => {
            let (connection_id, connection_name) = match find(state, &connection) {
                Ok(found) => found,
                Err(target) => return target,
            };
            let rows = state.lab_views_of(&connection_id);
            match rows.into_iter().find(|row| row.lab.name == lab || row.lab.id.as_str() == lab) {
                Some(row) => {
                    LinkTarget::Lab { lab: row.lab_ref, name: row.lab.name, connection_name }
                }
                None => LinkTarget::Nowhere {
                    failure: Failure::new(
                        ErrorCode::NotFound,
                        format!("{connection_name} has no lab called \"{lab}\""),
                    )
                    .with_hint("It may have been destroyed, or the link is for somebody else."),
                },
            }
        }
        Link::Workspace { connection, workspace } => {
            let (connection_id, connection_name) = match find(state, &connection) {
                Ok(found) => found,
                Err(target) => return target,
            };
            let rows = state.workspace_views_of(&connection_id);
            let found = rows.into_iter().find(|row| {
                row.workspace.name == workspace || row.workspace.id.as_str() == workspace
            });
            match found {
                Some(row) => LinkTarget::Workspace {
                    workspace: WorkspaceRef { connection_id, workspace_id: row.workspace.id },
                    name: row.workspace.name,
                    connection_name,
                },
                None => LinkTarget::Nowhere {
                    failure: Failure::new(
                        ErrorCode::NotFound,
                        format!("{connection_name} has no workspace called \"{workspace}\""),
                    )
                    .with_hint(
                        "It may have been renamed or removed, or the link is for somebody else.",
                    ),
                },
            }
        }
    }
}

fn find(state: &State, wanted: &str) -> Result<(model::ConnectionId, String), LinkTarget> {
    let mut all = state.connections.values().map(|entry| &entry.connection);
    let found = all.find(|one| one.name.eq_ignore_ascii_case(wanted) || one.id.as_str() == wanted);
    found.map(|one| (one.id.clone(), one.name.clone())).ok_or_else(|| LinkTarget::Nowhere {
        failure: Failure::new(
            ErrorCode::NotFound,
            format!("there is no connection called \"{wanted}\" here"),
        )
        .with_hint("Add a connection of that name first, then open the link again."),
    })
}

fn nowhere(reason: &str) -> LinkTarget {
    LinkTarget::Nowhere {
        failure: Failure::new(ErrorCode::Invalid, reason)
            .with_hint("Ask whoever made the link for a new one."),
    }
}
