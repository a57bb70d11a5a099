//! Arguments and replies of notices and links.

use app::LinkAnswer;
use model::{LinkId, LinkTarget, NoticeId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct NoticesRemoveArgs {
    /// None: all of them.
    pub notice_id: Option<NoticeId>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LinkAnswerArgs {
    pub link_id: LinkId,
    pub answer: LinkAnswer,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct LinkAnswered {
    /// None: ignored, or it leads nowhere any more.
    pub target: Option<LinkTarget>,
}
