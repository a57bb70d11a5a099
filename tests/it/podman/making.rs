//! What is made on the server, and what is not left there when it fails.

use std::path::Path;
use std::process::Command;

use backend_api::{BackendError, Cx, Session, StepSink};
use model::{Failure, FormValues, Plan, WorkspaceId};
use tests::podman::{BOX_IMAGE, BROKEN_IMAGE, PodmanOptions, PodmanService};

use super::rig::{PodmanRig, values};

struct NoSteps;

impl StepSink for NoSteps {
    fn begin(&self, _index: usize) {}
    fn skip(&self, _index: usize) {}
}

/// Plans and carries out.
pub(super) async fn make(
    session: &dyn Session,
    input: &FormValues,
    cx: &Cx,
) -> Result<(Plan, WorkspaceId), BackendError> {
    let apply = session.apply().unwrap();
    let plan = apply.plan(input, cx).await?;
    let applied = apply.apply(&plan, &NoSteps, &|_| {}, cx).await?;
    Ok((plan, applied.workspace_id))
}

fn assert_empty(service: &PodmanService) {
    assert_eq!(service.podman(&["ps", "--all", "--quiet"]).unwrap(), "");
    assert_eq!(service.podman(&["volume", "ls", "--quiet"]).unwrap(), "");
}

#[tokio::test]
async fn a_new_workspace_follows_l8s() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let mut input = values(&[("name", "atlas-api"), ("image", BOX_IMAGE), ("ports", "5432")]);
    input.extend(values(&[("cpu", "1"), ("memory", "64"), ("environment", "GREETING=it's me")]));
    input.extend(values(&[("volumes", "shared-cache:/var/cache"), ("branch", "exp-31")]));
    let (plan, id) = make(session.as_ref(), &input, &cx).await.unwrap();
    let detail = session.inspect(&id, &cx).await.unwrap();
    let range = rig.fields["port_range"].clone();
    let first = range.split('-').next().unwrap().to_owned();
    let label = |name: &str| detail.labels[name].as_str();
    assert_eq!(label("l8s.managed"), "true");
    assert_eq!(label("l8s.ssh.port"), first);
    assert_eq!(label("l8s.web.port"), rig.fields["web_port_start"]);
    assert_eq!(label("l8s.owner"), "root");
    assert_eq!(detail.workspace.branch.as_deref(), Some("exp-31"));
    let inside: Vec<u16> = detail.workspace.ports.iter().map(|port| port.port).collect();
    assert_eq!(inside, [22, 3000, 5432, 8080]);
    let ide = detail.workspace.web_ide.as_ref().unwrap();
    assert_eq!((ide.port, ide.path.as_str()), (8080, "/"));
    let volumes: Vec<(&str, &str)> =
        detail.volumes.iter().map(|v| (v.name.as_str(), v.path.as_str())).collect();
    for volume in [
        ("atlas-api-home", "/home/dev"),
        ("atlas-api-workspace", "/workspace"),
        ("shared-cache", "/var/cache"),
    ] {
        assert!(volumes.contains(&volume), "{volumes:?}");
    }
    assert_eq!(detail.limits.cpus, Some(1.0));
    assert_eq!(detail.limits.memory_bytes, Some(64 * 1024 * 1024));
    assert!(detail.environment_names.contains(&"GREETING".to_owned()));
    let ports = rig.service.podman(&["port", "atlas-api"]).unwrap();
    assert!(ports.lines().all(|line| line.contains("127.0.0.1:")), "only on loopback: {ports}");
    let command = plan.command.unwrap();
    assert!(command.starts_with("podman run -d --name atlas-api"), "{command}");
    assert!(command.contains("'GREETING=it'\\''s me'"), "{command}");
}

#[tokio::test]
async fn a_stopped_container_keeps_its_ports() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let input = |name: &str| values(&[("name", name), ("image", BOX_IMAGE), ("start", "false")]);
    make(session.as_ref(), &input("first"), &cx).await.unwrap();
    make(session.as_ref(), &input("second"), &cx).await.unwrap();
    let list = session.list(&cx).await.unwrap();
    let mut ports: Vec<u16> =
        list.iter().flat_map(|one| one.ports.iter().filter_map(|port| port.server_port)).collect();
    let all = ports.len();
    ports.sort_unstable();
    ports.dedup();
    assert_eq!((ports.len(), all), (6, 6), "no port is handed out twice");
}

#[tokio::test]
async fn a_program_that_ends_at_once_leaves_nothing_and_its_last_words() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let input = values(&[("name", "short-lived"), ("image", BROKEN_IMAGE)]);
    let failure = Failure::from(make(session.as_ref(), &input, &cx).await.unwrap_err());
    assert_eq!(failure.message, "\"short-lived\" ended right after its start with exit code 3");
    assert_eq!(failure.hint.as_deref(), Some("Its last words: cannot go on"));
    assert_empty(&rig.service);
}

#[tokio::test]
async fn a_volume_that_was_there_is_used_and_kept_after_a_failure() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    rig.service.podman(&["volume", "create", "old-home"]).unwrap();
    let input = values(&[("name", "old"), ("image", BROKEN_IMAGE)]);
    let plan = session.apply().unwrap().plan(&input, &cx).await.unwrap();
    assert_eq!(
        plan.warnings,
        ["forge-1 already has the volume old-home. It is used with what it holds."]
    );
    make(session.as_ref(), &input, &cx).await.unwrap_err();
    assert_eq!(rig.service.podman(&["volume", "ls", "--quiet"]).unwrap(), "old-home");
}

#[tokio::test]
async fn limits_that_the_server_refuses_are_lowered() {
    // Podman 4.3 swaps the two numbers of a default limit in its API, which the runtime then refuses.
    let table = "default_ulimits = [\"nofile=1024:4096\", \"nproc=4096:8192\"]".to_owned();
    let options = PodmanOptions { containers_table: Some(table), ..PodmanOptions::default() };
    let rig = PodmanRig::on(PodmanService::start_with(options).unwrap());
    let (session, cx) = (rig.session().await, rig.cx());
    let input = values(&[("name", "limited"), ("image", BOX_IMAGE)]);
    let (_, id) = make(session.as_ref(), &input, &cx).await.unwrap();
    assert!(rig.service.podman(&["ps", "--quiet", "--no-trunc"]).unwrap().contains(id.as_str()));
}

/// A file system of a few MiB, unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"])
            .arg(folder.path())
            .status();
        assert!(status.unwrap().success(), "cannot mount a small file system");
        Self(folder)
    }

    fn fill(&self) -> std::path::PathBuf {
        let path = self.0.path().join("filler");
        let _ = std::fs::write(&path, vec![0; 32 * 1024 * 1024]);
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_left() {
    let disk = SmallDisk::mount();
    let storage = Path::new(disk.0.path()).join("storage");
    let options = PodmanOptions { storage: Some(storage), ..PodmanOptions::default() };
    let rig = PodmanRig::on(PodmanService::start_with(options).unwrap());
    let (session, cx) = (rig.session().await, rig.cx());
    let filler = disk.fill();
    let input = values(&[("name", "no-room"), ("image", BOX_IMAGE)]);
    let failure = Failure::from(make(session.as_ref(), &input, &cx).await.unwrap_err());
    assert!(failure.message.ends_with("the disk of \"forge-1\" is full"), "{failure:?}");
    assert!(failure.hint.is_some());
    std::fs::remove_file(filler).unwrap();
    assert_empty(&rig.service);
}
