//! Tunnels.

use model::{
    Failure, TunnelDetail, TunnelFound, TunnelInput, TunnelReading, TunnelView, TunnelWay,
};

use crate::{args::*, dispatch::Call};

pub(crate) async fn tunnels_list(call: Call<'_>, _: NoArgs) -> Result<Vec<TunnelView>, Failure> {
    call.core.tunnels().await
}

pub(crate) async fn tunnel_read(
    call: Call<'_>,
    args: TunnelReadArgs,
) -> Result<TunnelReading, Failure> {
    call.core.tunnel_read(&args.line).await
}

pub(crate) async fn tunnel_ways(call: Call<'_>, _: NoArgs) -> Result<Vec<TunnelWay>, Failure> {
    call.core.tunnel_ways().await
}

pub(crate) async fn tunnel_own_address(call: Call<'_>, _: NoArgs) -> Result<OwnAddress, Failure> {
    call.core.tunnel_own_address().await.map(|(address, command)| OwnAddress { address, command })
}

pub(crate) async fn tunnel_create(
    call: Call<'_>,
    args: TunnelInput,
) -> Result<TunnelView, Failure> {
    call.core.tunnel_create(args).await
}

pub(crate) async fn tunnel_update(
    call: Call<'_>,
    args: TunnelUpdateArgs,
) -> Result<TunnelView, Failure> {
    call.core.tunnel_update(&args.tunnel_id, args.input).await
}

pub(crate) async fn tunnel_remove(call: Call<'_>, args: TunnelArgs) -> Result<Done, Failure> {
    call.core.tunnel_remove(&args.tunnel_id).await.map(|()| Done {})
}

pub(crate) async fn tunnel_start(call: Call<'_>, args: TunnelStartArgs) -> Result<Done, Failure> {
    call.core.tunnel_start(&args.tunnel_id, args.port).await.map(|()| Done {})
}

pub(crate) async fn tunnel_stop(call: Call<'_>, args: TunnelArgs) -> Result<Done, Failure> {
    call.core.tunnel_stop(&args.tunnel_id).await.map(|()| Done {})
}

pub(crate) async fn tunnel_retry(call: Call<'_>, args: TunnelArgs) -> Result<Done, Failure> {
    call.core.tunnel_retry(&args.tunnel_id).await.map(|()| Done {})
}

pub(crate) async fn tunnel_favourite(
    call: Call<'_>,
    args: TunnelFavouriteArgs,
) -> Result<Done, Failure> {
    call.core.tunnel_favourite(&args.tunnel_id, args.is_favourite).await.map(|()| Done {})
}

pub(crate) async fn tunnel_inspect(
    call: Call<'_>,
    args: TunnelArgs,
) -> Result<TunnelDetail, Failure> {
    call.core.tunnel_inspect(&args.tunnel_id).await
}

pub(crate) async fn tunnel_browse(call: Call<'_>, args: TunnelArgs) -> Result<Done, Failure> {
    call.core.tunnel_browse(&args.tunnel_id).await.map(|()| Done {})
}

pub(crate) async fn tunnels_found(call: Call<'_>, _: NoArgs) -> Result<Vec<TunnelFound>, Failure> {
    call.core.tunnels_found().await
}
