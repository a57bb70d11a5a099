//! Notices, and links of other programs.

use model::{Failure, LinkRequest, Notice};

use crate::{args::*, dispatch::Call};

pub(crate) async fn notices_list(call: Call<'_>, _: NoArgs) -> Result<Vec<Notice>, Failure> {
    call.core.notices().await
}

pub(crate) async fn notices_read(call: Call<'_>, _: NoArgs) -> Result<Done, Failure> {
    call.core.notices_read().await.map(|()| Done {})
}

pub(crate) async fn notices_remove(
    call: Call<'_>,
    args: NoticesRemoveArgs,
) -> Result<Done, Failure> {
    call.core.notices_remove(args.notice_id.as_ref()).await.map(|()| Done {})
}

pub(crate) async fn links_list(call: Call<'_>, _: NoArgs) -> Result<Vec<LinkRequest>, Failure> {
    call.core.links().await
}

pub(crate) async fn link_answer(
    call: Call<'_>,
    args: LinkAnswerArgs,
) -> Result<LinkAnswered, Failure> {
    let target = call.core.link_answer(args.link_id, args.answer).await?;
    Ok(LinkAnswered { target })
}
