//! Connections, SSH hosts, workspaces, favourites and settings come back as they were.

use model::{
    ColorScheme, ErrorCode, Failure, GitLink, Settings, Workspace, WorkspaceId, WorkspaceRef,
    WorkspaceState,
};

#[cfg(unix)]
use super::database;
use super::{connection, open, ssh_host};
use crate::{CachedWorkspaces, StoreError};

#[tokio::test]
async fn connections_come_back_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let host = ssh_host(&[]);
    store.put_ssh_host(&host).await.unwrap();
    let mut one = connection("Zebra");
    let mut other = connection("atlas");
    one.ssh_host_id = Some(host.id.clone());
    store.put_connection(&one).await.unwrap();
    store.put_connection(&other).await.unwrap();
    other.connect_at_start = false;
    other.name = "Atlas two".into();
    store.put_connection(&other).await.unwrap();
    store.close().await;

    let store = open(folder.path()).await;
    assert_eq!(store.connections().await.unwrap(), [other.clone(), one.clone()]);
    assert_eq!(store.get_connection(&one.id).await.unwrap(), Some(one.clone()));
    store.delete_connection(&one.id).await.unwrap();
    store.delete_connection(&one.id).await.unwrap();
    assert_eq!(store.get_connection(&one.id).await.unwrap(), None);
    assert_eq!(store.connections().await.unwrap(), [other]);
}

#[tokio::test]
async fn a_taken_name_is_named_and_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let one = connection("Forge");
    store.put_connection(&one).await.unwrap();
    let error = store.put_connection(&connection("forge")).await.unwrap_err();
    let failure = Failure::from(error);
    assert_eq!(failure.code, ErrorCode::Conflict);
    assert_eq!(failure.field.as_deref(), Some("name"));
    assert_eq!(failure.message, "the name \"Forge\" is taken by another connection");
    assert_eq!(store.connections().await.unwrap(), [one]);
}

#[tokio::test]
async fn a_host_that_is_needed_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let jump = ssh_host(&[]);
    let second = ssh_host(&[]);
    let host = ssh_host(&[&second, &jump]);
    let missing = store.put_ssh_host(&host).await.unwrap_err();
    assert!(matches!(missing, StoreError::Dangling { .. }));
    assert_eq!(store.ssh_hosts().await.unwrap(), []);
    for host in [&jump, &second, &host] {
        store.put_ssh_host(host).await.unwrap();
    }
    assert_eq!(store.get_ssh_host(&host.id).await.unwrap(), Some(host.clone()));
    assert_eq!(store.ssh_hosts().await.unwrap().len(), 3);

    let mut used = connection("forge");
    used.ssh_host_id = Some(host.id.clone());
    store.put_connection(&used).await.unwrap();
    let error = store.delete_ssh_host(&host.id).await.unwrap_err();
    assert_eq!(error.to_string(), "the SSH host is still used by the connection \"forge\"");
    let error = store.delete_ssh_host(&jump.id).await.unwrap_err();
    assert!(error.to_string().contains("the jumps of another SSH host"), "{error}");

    store.delete_connection(&used.id).await.unwrap();
    for host in [&host, &jump, &second] {
        store.delete_ssh_host(&host.id).await.unwrap();
    }
    assert_eq!(store.ssh_hosts().await.unwrap(), []);
}

#[tokio::test]
async fn a_connection_to_an_unknown_host_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let mut one = connection("forge");
    one.ssh_host_id = Some(ssh_host(&[]).id);
    let error = store.put_connection(&one).await.unwrap_err();
    assert_eq!(Failure::from(error).code, ErrorCode::NotFound);
    assert_eq!(store.connections().await.unwrap(), []);
}

#[tokio::test]
async fn workspaces_and_favourites_follow_their_connection() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let one = connection("forge");
    let favourite =
        WorkspaceRef { connection_id: one.id.clone(), workspace_id: WorkspaceId::from_raw("abc") };
    let error = store.put_workspaces(&one.id, &[], 1).await.unwrap_err();
    assert!(matches!(error, StoreError::Dangling { .. }));
    store.set_favourite(&favourite, true).await.unwrap_err();

    store.put_connection(&one).await.unwrap();
    store.put_workspaces(&one.id, &[workspace("old")], 1).await.unwrap();
    store.put_workspaces(&one.id, &[workspace("new")], 2).await.unwrap();
    store.set_favourite(&favourite, true).await.unwrap();
    store.set_favourite(&favourite, true).await.unwrap();
    let cached = CachedWorkspaces {
        connection_id: one.id.clone(),
        seen_at: 2,
        workspaces: vec![workspace("new")],
    };
    assert_eq!(store.cached_workspaces().await.unwrap(), [cached]);
    assert_eq!(store.favourites().await.unwrap(), std::slice::from_ref(&favourite));
    store.set_favourite(&favourite, false).await.unwrap();
    assert_eq!(store.favourites().await.unwrap(), []);

    store.set_favourite(&favourite, true).await.unwrap();
    store.delete_connection(&one.id).await.unwrap();
    assert_eq!(store.favourites().await.unwrap(), []);
    assert_eq!(store.cached_workspaces().await.unwrap(), []);
}

#[tokio::test]
async fn settings_have_defaults_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    assert_eq!(store.get_settings().await.unwrap(), Settings::default());
    let settings =
        Settings { color_scheme: ColorScheme::Dark, terminal_font_size: 18, ..Settings::default() };
    store.put_settings(&settings).await.unwrap();
    store.close().await;
    assert_eq!(open(folder.path()).await.get_settings().await.unwrap(), settings);
}

#[tokio::test]
async fn readers_cannot_write_and_a_closed_store_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    sqlx::query("DELETE FROM runs").execute(&store.readers).await.unwrap_err();
    store.close().await;
    assert!(store.connections().await.is_err());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("moorline");
    let store = open(&folder).await;
    store.put_connection(&connection("forge")).await.unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&database(&folder)), 0o600);
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

fn workspace(name: &str) -> Workspace {
    Workspace {
        id: WorkspaceId::from_raw("abc"),
        name: name.into(),
        state: WorkspaceState::Running,
        state_remark: None,
        image: "localhost/dev".into(),
        branch: None,
        owner: None,
        created_at: Some(5),
        started_at: None,
        ports: Vec::new(),
        web_ide: None,
        is_managed: true,
        origin: model::WorkspaceOrigin::L8s,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_renewed_is_never_missing() {
    let folder = tempfile::tempdir().unwrap();
    let store = std::sync::Arc::new(open(folder.path()).await);
    let connection = connection("Forge");
    store.put_connection(&connection).await.unwrap();
    let workspace = |id: &str| WorkspaceRef {
        connection_id: connection.id.clone(),
        workspace_id: WorkspaceId::from_raw(id),
    };
    let link = |until| GitLink {
        folder: Some("/src/atlas".into()),
        remote: Some("atlas".into()),
        user: "dev".into(),
        path: "/workspace/project".into(),
        certificate_until: until,
    };
    store.put_git_link(&workspace("0"), "atlas", &link(1)).await.unwrap();
    let (reader, wanted) = (std::sync::Arc::clone(&store), workspace("0"));
    let (sender, mut is_over) = tokio::sync::oneshot::channel::<()>();
    let reading = tokio::spawn(async move {
        let mut missing = 0;
        while is_over.try_recv().is_err() {
            missing += u32::from(reader.git_link(&wanted, "atlas").await.unwrap().is_none());
        }
        missing
    });
    for round in 0..100 {
        // As after a rebuild: another id, the same name.
        let id = (round % 2).to_string();
        store.put_git_link(&workspace(&id), "atlas", &link(round)).await.unwrap();
    }
    sender.send(()).unwrap();
    assert_eq!(reading.await.unwrap(), 0);
    let kept = store.git_link(&workspace("1"), "atlas").await.unwrap();
    assert_eq!(kept, Some(link(99)));
}
