//! Tunnels come back as they were, hold on to their SSH host, and keep a day of half hours.

use model::{
    ErrorCode, Failure, SshHost, Tunnel, TunnelId, TunnelOptions, TunnelPoint, TunnelRoute,
};

use super::{open, ssh_host};
use crate::{StoreError, StoredTunnel, TunnelSlot};

fn tunnel(name: &str, host: &SshHost) -> Tunnel {
    Tunnel {
        id: TunnelId::generate(),
        name: name.into(),
        route: TunnelRoute::Local {
            listen: TunnelPoint::Tcp { host: "127.0.0.1".into(), port: 8080 },
            target: TunnelPoint::Unix { path: "/run/db.sock".into() },
        },
        ssh_host_id: host.id.clone(),
        options: TunnelOptions { is_favourite: true, ..TunnelOptions::default() },
        created_at: 5,
    }
}

#[tokio::test]
async fn tunnels_come_back_and_a_stop_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let host = ssh_host(&[]);
    let mut one = tunnel("db", &host);
    let error = store.put_tunnel(&one).await.unwrap_err();
    assert_eq!(Failure::from(error).code, ErrorCode::NotFound);
    store.put_ssh_host(&host).await.unwrap();
    store.put_tunnel(&one).await.unwrap();
    let error = Failure::from(store.put_tunnel(&tunnel("DB", &host)).await.unwrap_err());
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Conflict, Some("name")));
    assert_eq!(error.message, "the name \"db\" is taken by another tunnel");
    store.want_tunnel(&one.id, false).await.unwrap();
    one.options.is_on_demand = true;
    store.put_tunnel(&one).await.unwrap();
    store.close().await;

    let store = open(folder.path()).await;
    let kept = StoredTunnel { tunnel: one.clone(), is_wanted: false };
    assert_eq!(store.tunnels().await.unwrap(), [kept], "changing it does not start it");
    let in_use = store.delete_ssh_host(&host.id).await.unwrap_err();
    assert!(matches!(&in_use, StoreError::InUse { by } if by == "the tunnel \"db\""), "{in_use}");
    store.delete_tunnel(&one.id).await.unwrap();
    store.delete_tunnel(&one.id).await.unwrap();
    store.delete_ssh_host(&host.id).await.unwrap();
    assert_eq!(store.tunnels().await.unwrap(), []);
}

#[tokio::test]
async fn half_hours_are_replaced_pruned_and_go_with_their_tunnel() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let host = ssh_host(&[]);
    store.put_ssh_host(&host).await.unwrap();
    let one = tunnel("db", &host);
    store.put_tunnel(&one).await.unwrap();
    let slot = |slot, up_ms| (one.id.clone(), TunnelSlot { slot, up_ms, down_ms: 3 });
    let gone = (TunnelId::generate(), TunnelSlot { slot: 9, up_ms: 1, down_ms: 1 });
    store.put_tunnel_slots(&[slot(1, 10), slot(2, 20), gone], 0).await.unwrap();
    store.put_tunnel_slots(&[slot(2, 25)], 0).await.unwrap();
    assert_eq!(store.tunnel_slots(0).await.unwrap(), [slot(1, 10), slot(2, 25)]);
    assert_eq!(store.tunnel_slots(2).await.unwrap(), [slot(2, 25)]);
    store.put_tunnel_slots(&[slot(3, 1)], 2).await.unwrap();
    assert_eq!(store.tunnel_slots(0).await.unwrap(), [slot(2, 25), slot(3, 1)]);
    store.delete_tunnel(&one.id).await.unwrap();
    assert_eq!(store.tunnel_slots(0).await.unwrap(), []);
}
