//! The testbed's own lab server: that a real lab comes up on it, and that nothing stays.
//!
//! What Moorline does with such a server is tested beside this file. These tests never skip: where the
//! tools cannot be had, they fail with a sentence that says which.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use tests::labs::{LabServer, SSH_USER};

const ADJACENT: Duration = Duration::from_secs(30);

/// What a command prints that is run by a login to the server.
fn by_ssh(server: &LabServer, command: &str) -> String {
    let sshd = server.sshd();
    let known = sshd.dir.join("known_hosts_of_client");
    std::fs::write(&known, &sshd.known_hosts).unwrap();
    let output = Command::new("ssh")
        .args(["-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-i"])
        .arg(&sshd.client_key)
        .arg("-o")
        .arg(format!("UserKnownHostsFile={}", known.display()))
        .args(["-p", &sshd.port.to_string(), &format!("{SSH_USER}@{}", sshd.address), command])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {said}\n{}", sshd.log());
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn wait_for_adjacency(server: &LabServer, node: &str) {
    let end = Instant::now() + ADJACENT;
    loop {
        let shown = by_ssh(server, &format!("docker exec {node} vtysh -c 'show ip ospf neighbor'"));
        if shown.contains("Full") {
            return;
        }
        assert!(Instant::now() < end, "no adjacency on {node}: {shown}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_lab_comes_up_and_goes() {
    let server = LabServer::shared().unwrap();
    server.place("two-ospf", "pair").unwrap();
    let job = server.job("up", "pair").unwrap();
    assert_eq!(job["state"], "success", "{job}\n{}", server.api_output());
    wait_for_adjacency(&server, "clab-pair-r1");
    let (_, status) = server.ask("GET", "/status", None).unwrap();
    assert_eq!(status["default"]["status"], "started", "{status}");
    let job = server.job("collect", "pair").unwrap();
    assert_eq!(job["state"], "success", "{job}\n{}", server.api_output());
    let collected = std::fs::read_to_string(server.folder("pair").join("config/r1.cfg")).unwrap();
    assert!(collected.contains("router ospf"), "{collected}");
    let job = server.job("down", "pair").unwrap();
    assert_eq!(job["state"], "success", "{job}");
    assert_eq!(server.docker(&["ps", "--all", "--quiet"]).unwrap(), "");
    assert_eq!(server.ask("GET", "/status", None).unwrap().0, 404);
}

#[test]
fn containerlab_itself_works_beside_netlab() {
    let server = LabServer::shared().unwrap();
    let folder = server.place("containerlab", "wire").unwrap();
    server.containerlab(&["deploy", "--topo", "pair.clab.yml"], &folder).unwrap();
    let ping = ["exec", "clab-pair-r1", "ping", "-c", "1", "-W", "5", "10.9.0.2"];
    assert!(server.docker(&ping).unwrap().contains(" 0% packet loss"));
    server.containerlab(&["destroy", "--topo", "pair.clab.yml", "--cleanup"], &folder).unwrap();
    assert_eq!(server.docker(&["ps", "--all", "--quiet"]).unwrap(), "");
}

#[test]
fn the_login_finds_everything_where_it_says() {
    let server = LabServer::shared().unwrap();
    let home =
        by_ssh(&server, "cd && pwd && whoami && hostname && which netlab containerlab docker");
    let lines: Vec<_> = home.lines().collect();
    assert_eq!(lines[..3], ["/srv/home", SSH_USER, "lab-server"]);
    assert_eq!(lines.len(), 6, "{home}");
    let inside =
        format!("curl -sk -o /dev/null -w '%{{http_code}}' {}/healthz", server.api_url_inside());
    assert_eq!(by_ssh(&server, &inside), "401");
    // Sealed: not even this computer's own name server is reached.
    assert_eq!(by_ssh(&server, "ip route show default | wc -l"), "0");
}

#[test]
fn a_server_leaves_nothing_behind() {
    let server = LabServer::start().unwrap();
    server.place("two-ospf", "pair").unwrap();
    assert_eq!(server.job("up", "pair").unwrap()["state"], "success");
    let hosts = std::fs::read_to_string("/etc/hosts").unwrap();
    assert!(!hosts.contains("clab-pair"), "the machine's own /etc/hosts: {hosts}");
    let (pids, dir, folder) = (server.pids(), server.sshd().dir.clone(), server.own_folder());
    assert!(folder.exists() && dir.exists());
    drop(server);
    for pid in pids {
        assert!(!Path::new("/proc").join(pid.to_string()).exists(), "{pid} still runs");
    }
    assert!(!dir.exists() && !folder.exists(), "{} is left", folder.display());
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap();
    let name = folder.file_name().unwrap().to_str().unwrap();
    assert!(!mounts.contains(name), "{mounts}");
    let groups =
        Command::new("find").args(["/sys/fs/cgroup", "-name", &format!("{name}*")]).output();
    assert_eq!(String::from_utf8_lossy(&groups.unwrap().stdout), "");
}
