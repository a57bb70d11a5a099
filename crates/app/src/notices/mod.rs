//! Notices: what happens while a person may be looking elsewhere, kept as history and told to the system.
//!
//! What is worth telling is decided in `judge.rs`; how the system shows it is the host's business.

mod judge;
mod tunnels;
mod words;

use std::sync::Arc;

use model::{Failure, Notice, NoticeId, NoticeKind, TimestampMs, TunnelId};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{Core, CoreEvent, NavigateTarget, shared::Shared};
use judge::Judge;

/// A notice in the words that the system shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemNotice {
    /// Comes back through `Core::notice_open` when the person clicks it.
    pub id: NoticeId,
    pub title: String,
    pub body: String,
}

/// Watches the events until the core ends; what ended before `since` was told by an earlier process.
pub(crate) async fn watch(
    shared: Arc<Shared>,
    mut events: Receiver<Arc<CoreEvent>>,
    since: TimestampMs,
) {
    let mut judge = Judge::new(since);
    loop {
        match events.recv().await {
            Ok(event) => {
                for kind in judge.take(&event) {
                    tell(&shared, kind).await;
                }
                if let Some(id) = judge.take_back(&event) {
                    take_back(&shared, &id).await;
                }
            }
            Err(RecvError::Lagged(count)) => {
                tracing::debug!(count, "some events were not looked at for notices");
            }
            Err(RecvError::Closed) => return,
        }
    }
}

pub(crate) async fn tell(shared: &Arc<Shared>, kind: NoticeKind) {
    let is_watched = shared.host.is_watched();
    if is_watched && matches!(kind, NoticeKind::QuestionAsked { .. }) {
        // The question itself stands before the person.
        return;
    }
    let notice = Notice { id: NoticeId::generate(), at: shared.now(), is_read: false, kind };
    if let Err(error) = shared.store.add_notice(&notice).await {
        tracing::warn!(%error, "a notice could not be stored");
    }
    let wants = shared.settings.borrow().notifications;
    if wants && !is_watched {
        let (title, body) = words::of(&notice.kind);
        shared.host.notify(&SystemNotice { id: notice.id, title, body });
    }
    tell_all(shared).await;
}

/// What was told of this tunnel is over.
async fn take_back(shared: &Arc<Shared>, id: &TunnelId) {
    let told = shared.store.notices().await.unwrap_or_default();
    let is_about = |notice: &&Notice| matches!(&notice.kind, NoticeKind::TunnelLost { tunnel_id, .. } if tunnel_id == id);
    for notice in told.iter().filter(is_about) {
        if let Err(error) = shared.store.remove_notices(Some(&notice.id)).await {
            tracing::warn!(%error, "a notice could not be taken back");
        }
    }
    tell_all(shared).await;
}

/// Tells every interface the whole list.
async fn tell_all(shared: &Arc<Shared>) {
    match shared.store.notices().await {
        Ok(notices) => shared.tell(CoreEvent::Notices { notices }),
        Err(error) => tracing::warn!(%error, "the notices could not be read"),
    }
}

impl Core {
    /// What was told, newest first.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn notices(&self) -> Result<Vec<Notice>, Failure> {
        Ok(self.shared.store.notices().await?)
    }

    /// Marks all notices as read.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn notices_read(&self) -> Result<(), Failure> {
        self.shared.store.mark_notices_read().await?;
        tell_all(&self.shared).await;
        Ok(())
    }

    /// Forgets one notice, or all of them.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn notices_remove(&self, only: Option<&NoticeId>) -> Result<(), Failure> {
        self.shared.store.remove_notices(only).await?;
        tell_all(&self.shared).await;
        Ok(())
    }

    /// Shows what a notice of the system is about, after the person clicked it. Returns at once; call it
    /// from any thread.
    pub fn notice_open(&self, id: &str) {
        let (shared, id) = (Arc::clone(&self.shared), NoticeId::from_raw(id));
        self.shared.runtime.spawn(self.shared.tasks.track_future(async move {
            let known = shared.store.notices().await.unwrap_or_default();
            let found = known.into_iter().find(|notice| notice.id == id);
            let target = found.map_or(NavigateTarget::Home, |notice| target_of(notice.kind));
            shared.tell(CoreEvent::Navigate { target });
        }));
    }
}

fn target_of(kind: NoticeKind) -> NavigateTarget {
    match kind {
        NoticeKind::RunEnded { run_id, .. } => NavigateTarget::Run { run_id },
        NoticeKind::ConnectionLost { connection_id, .. }
        | NoticeKind::ConnectionBack { connection_id, .. } => {
            NavigateTarget::Connection { connection_id }
        }
        NoticeKind::TunnelLost { tunnel_id, .. } => NavigateTarget::Tunnel { tunnel_id },
        NoticeKind::LabOverdue { lab, .. } => NavigateTarget::Lab { lab },
        NoticeKind::QuestionAsked { .. } => NavigateTarget::Home,
    }
}
