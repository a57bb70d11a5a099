//! Volumes.

use model::{Failure, VolumeInfo};

use super::workspaces::started;
use crate::{args::*, dispatch::Call};

pub(crate) async fn volumes_list(
    call: Call<'_>,
    args: ConnectionArgs,
) -> Result<Vec<VolumeInfo>, Failure> {
    call.core.volumes(&args.connection_id).await
}

pub(crate) async fn volumes_remove(
    call: Call<'_>,
    args: VolumesRemoveArgs,
) -> Result<RunStarted, Failure> {
    call.core.volumes_remove(&args.connection_id, args.names).await.map(started)
}

pub(crate) async fn volume_export(
    call: Call<'_>,
    args: VolumeArgs,
) -> Result<CarryStarted, Failure> {
    let run_id = call.core.volume_export(&args.connection_id, args.name).await?;
    Ok(CarryStarted { run_id })
}

pub(crate) async fn volume_import(
    call: Call<'_>,
    args: VolumeArgs,
) -> Result<CarryStarted, Failure> {
    let run_id = call.core.volume_import(&args.connection_id, args.name).await?;
    Ok(CarryStarted { run_id })
}
