//! Real servers for test programs of another platform: an sshd, a Podman service behind it, and an agent.
//!
//! usage: platform-servers FOLDER -- PROGRAM...
//!
//! Writes the addresses into the folder, runs the program, and ends with the program's exit code. An agent
//! has a unix socket, which Windows' programs cannot reach: a loopback port carries to it.

use std::{
    fs,
    io::{self, Write as _},
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use testkit::Servers;
use tests::{
    keys::{make_key, make_key_with_passphrase},
    podman::{BOX_IMAGE, PodmanService},
    process::Started,
    sshd::{Sshd, SshdOptions},
};

const PASSPHRASE: &str = "open sesame";

fn main() -> Result<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, dashes, program, arguments @ ..] = words.as_slice() else {
        bail!("usage: platform-servers FOLDER -- PROGRAM...");
    };
    ensure!(dashes == "--", "usage: platform-servers FOLDER -- PROGRAM...");
    let folder = Path::new(folder);
    let sshd = Sshd::start(&SshdOptions::default())?;
    let podman = PodmanService::start()?;
    let agent = Agent::start(&sshd)?;
    let locked_key = sshd.dir.join("locked_key");
    make_key_with_passphrase("ed25519", &locked_key, PASSPHRASE)?;
    sshd.authorize(&locked_key.with_extension("pub"))?;
    for (key, name) in [(&sshd.client_key, "client_key"), (&locked_key, "locked_key")] {
        fs::copy(key, folder.join(name)).context("cannot copy a key")?;
    }
    let servers = Servers {
        ssh_port: sshd.port,
        user: "root".into(),
        client_key: "client_key".into(),
        locked_key: "locked_key".into(),
        passphrase: PASSPHRASE.into(),
        known_hosts: sshd.known_hosts.clone(),
        agent_port: agent.port,
        podman_socket: podman.socket.display().to_string(),
        podman_image: BOX_IMAGE.into(),
    };
    fs::write(folder.join("servers.json"), serde_json::to_vec(&servers)?)?;
    let status = Command::new(program).args(arguments).stdin(Stdio::null()).status();
    let status = status.with_context(|| format!("cannot start {program}"))?;
    if !status.success() {
        println!("what sshd wrote:\n{}", sshd.log());
    }
    io::stdout().flush()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A real agent with a key of its own, and a port to it.
struct Agent {
    port: u16,
    _process: Started,
}

impl Agent {
    fn start(sshd: &Sshd) -> Result<Self> {
        let socket = sshd.dir.join("agent");
        let mut command = Command::new("ssh-agent");
        command.arg("-D").arg("-a").arg(&socket).stdout(Stdio::null());
        let mut process = Started::start("ssh-agent", &mut command)?;
        process.wait_until(Duration::from_secs(10), || UnixStream::connect(&socket).is_ok())?;
        let key = sshd.dir.join("agent_key");
        make_key("ed25519", &key)?;
        sshd.authorize(&key.with_extension("pub"))?;
        let added = Command::new("ssh-add").arg(&key).env("SSH_AUTH_SOCK", &socket).output()?;
        ensure!(added.status.success(), "ssh-add: {}", String::from_utf8_lossy(&added.stderr));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        // Ends with this program, which serves nobody else.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let socket = socket.clone();
                thread::spawn(move || carry(&stream, &socket));
            }
        });
        Ok(Self { port, _process: process })
    }
}

/// Both directions, until either side ends.
fn carry(near: &TcpStream, socket: &PathBuf) -> io::Result<()> {
    let far = UnixStream::connect(socket)?;
    let (mut from_near, mut to_far) = (near.try_clone()?, far.try_clone()?);
    let out = thread::spawn(move || {
        let _ = io::copy(&mut from_near, &mut to_far);
        let _ = to_far.shutdown(Shutdown::Write);
    });
    let (mut from_far, mut to_near) = (far, near.try_clone()?);
    let _ = io::copy(&mut from_far, &mut to_near);
    let _ = near.shutdown(Shutdown::Both);
    let _ = out.join();
    Ok(())
}
