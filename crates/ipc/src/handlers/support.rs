//! Transfer, updates, Moorline's own log and the support bundle.

use model::{Failure, SupportBundle, TransferDone, TransferPreview, UpdateState};

use crate::{args::*, dispatch::Call, streams::Source};

pub(crate) async fn transfer_text(call: Call<'_>, _: NoArgs) -> Result<TransferText, Failure> {
    call.core.transfer_text().await.map(|text| TransferText { text })
}

pub(crate) async fn transfer_export(call: Call<'_>, _: NoArgs) -> Result<Saved, Failure> {
    call.core.transfer_export().await.map(saved)
}

pub(crate) async fn transfer_preview(
    call: Call<'_>,
    args: TransferText,
) -> Result<TransferPreview, Failure> {
    call.core.transfer_preview(&args.text).await
}

pub(crate) async fn transfer_import(
    call: Call<'_>,
    args: TransferImportArgs,
) -> Result<TransferDone, Failure> {
    call.core.transfer_import(&args.text, args.keys).await
}

pub(crate) async fn update_get(call: Call<'_>, _: NoArgs) -> Result<UpdateState, Failure> {
    Ok(call.core.update_state())
}

pub(crate) async fn update_check(call: Call<'_>, _: NoArgs) -> Result<UpdateState, Failure> {
    call.core.update_check().await
}

pub(crate) async fn update_install(call: Call<'_>, _: NoArgs) -> Result<Done, Failure> {
    call.core.update_install().await.map(|()| Done {})
}

pub(crate) async fn journal_open(call: Call<'_>, args: JournalOpenArgs) -> Result<Done, Failure> {
    let lines = call.core.journal_follow(args.level);
    call.client.open_stream(args.stream, Source::Lines(lines)).map(|()| Done {})
}

pub(crate) async fn journal_save(call: Call<'_>, args: JournalSaveArgs) -> Result<Saved, Failure> {
    call.core.journal_save(args.level).await.map(saved)
}

pub(crate) async fn support_preview(call: Call<'_>, _: NoArgs) -> Result<SupportBundle, Failure> {
    call.core.support_preview().await
}

pub(crate) async fn support_save(call: Call<'_>, args: SupportSaveArgs) -> Result<Saved, Failure> {
    call.core.support_save(&args.without).await.map(saved)
}

fn saved(path: Option<std::path::PathBuf>) -> Saved {
    Saved { path: path.map(|path| path.display().to_string()) }
}
