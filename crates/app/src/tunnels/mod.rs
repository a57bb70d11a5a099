//! Tunnels.

use model::{
    ErrorCode, Failure, TunnelDetail, TunnelFound, TunnelId, TunnelInput, TunnelReading,
    TunnelView, TunnelWay,
};

use crate::Core;

fn soon() -> Failure {
    Failure::new(ErrorCode::Unsupported, "not built yet")
}

macro_rules! not_built {
    ($($name:ident($($arg:ident: $ty:ty),*) -> $reply:ty;)*) => {
        impl Core {
            $(
                #[allow(clippy::unused_async, missing_docs)]
                pub async fn $name(&self, $($arg: $ty),*) -> Result<$reply, Failure> {
                    $(let _ = $arg;)*
                    Err(soon())
                }
            )*
        }
    };
}

not_built! {
    tunnels() -> Vec<TunnelView>;
    tunnel_read(line: &str) -> TunnelReading;
    tunnel_ways() -> Vec<TunnelWay>;
    tunnel_own_address() -> (String, Option<String>);
    tunnel_create(input: TunnelInput) -> TunnelView;
    tunnel_update(id: &TunnelId, input: TunnelInput) -> TunnelView;
    tunnel_remove(id: &TunnelId) -> ();
    tunnel_start(id: &TunnelId, port: Option<u16>) -> ();
    tunnel_stop(id: &TunnelId) -> ();
    tunnel_retry(id: &TunnelId) -> ();
    tunnel_favourite(id: &TunnelId, is_favourite: bool) -> ();
    tunnel_inspect(id: &TunnelId) -> TunnelDetail;
    tunnel_browse(id: &TunnelId) -> ();
    tunnels_found() -> Vec<TunnelFound>;
}
