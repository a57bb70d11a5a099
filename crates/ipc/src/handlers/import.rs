//! Moving in: what other programs know of servers, and taking it.

use model::{Failure, ImportFound, ImportTaken};

use crate::{args::*, dispatch::Call};

pub(crate) async fn import_look(call: Call<'_>, _: NoArgs) -> Result<Vec<ImportFound>, Failure> {
    call.core.import_look().await
}

pub(crate) async fn import_take(
    call: Call<'_>,
    args: ImportTakeArgs,
) -> Result<Vec<ImportTaken>, Failure> {
    call.core.import_take(args.picks).await
}
