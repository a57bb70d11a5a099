//! A real Podman API service with storage, network and images of its own.
//!
//! Owns the service process, its folder and every container in it; all of it is gone when the value is
//! dropped. Deliberately not here: SSH to it (that is `sshd`), the dev image (that is `dev_image`).

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::box_image;
pub use crate::box_image::{BOX_IMAGE, BROKEN_IMAGE};

static NEXT_NETWORK: AtomicU16 = AtomicU16::new(0);

/// What differs from a service with nothing but the busybox images.
#[derive(Debug, Clone, Default)]
pub struct PodmanOptions {
    /// Read-only image stores to use as well, for example `DevImage::store`.
    pub image_stores: Vec<PathBuf>,
    /// The folder for storage; none means a temporary one. It must be empty.
    pub storage: Option<PathBuf>,
    /// Put into the `[containers]` table of `containers.conf`, replacing the limits that suit small machines.
    pub containers_table: Option<String>,
}

/// A running service. Dropping it removes its containers and ends it.
#[derive(Debug)]
pub struct PodmanService {
    /// The API's unix socket.
    pub socket: PathBuf,
    /// `containers.conf`, storage, `log`.
    pub dir: PathBuf,
    options: PodmanOptions,
    storage: PathBuf,
    child: Option<Child>,
    _folder: TempDir,
}

impl PodmanService {
    /// Starts a service that holds the busybox images.
    ///
    /// # Errors
    /// When podman, runc or busybox-static are not installed, or the service does not come up.
    pub fn start() -> Result<Self> {
        Self::start_with(PodmanOptions::default())
    }

    /// Starts a service with options.
    ///
    /// # Errors
    /// As `start`.
    pub fn start_with(options: PodmanOptions) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("moorline-podman-").tempdir()?;
        let dir = folder.path().to_owned();
        let storage = options.storage.clone().unwrap_or_else(|| dir.join("storage"));
        let socket = dir.join("podman.sock");
        let mut service = Self { socket, dir, options, storage, child: None, _folder: folder };
        service.configure()?;
        service.import_boxes()?;
        service.restart()?;
        Ok(service)
    }

    /// `CONTAINERS_CONF` for this service.
    #[must_use]
    pub fn containers_conf(&self) -> PathBuf {
        self.dir.join("containers.conf")
    }

    /// The URL of the socket, as `CONTAINER_HOST` wants it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Runs podman on the same storage and gives what it printed.
    ///
    /// # Errors
    /// When it fails; the error holds its words.
    pub fn podman(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments).stdin(Stdio::null()).output()?;
        ensure!(
            output.status.success(),
            "podman {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// A podman command on the same storage, to be run by the caller.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("podman");
        command.env("CONTAINERS_CONF", self.containers_conf());
        command.env("CONTAINERS_REGISTRIES_CONF", self.dir.join("registries.conf"));
        // The sandboxes that tests run in allow no namespaces within namespaces.
        command.env("BUILDAH_ISOLATION", "chroot");
        command.arg("--root").arg(&self.storage).arg("--runroot").arg(self.dir.join("run"));
        for store in &self.options.image_stores {
            let option = format!("overlay.imagestore={}", store.display());
            command.args(["--storage-driver", "overlay", "--storage-opt", &option]);
        }
        command.args(arguments);
        command
    }

    /// The process id of the service, none while it is stopped.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Ends the service at once; its containers go on.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Starts the service (again) and waits until it answers.
    ///
    /// # Errors
    /// When it does not come up within ten seconds.
    pub fn restart(&mut self) -> Result<()> {
        self.kill();
        let _ = fs::remove_file(&self.socket);
        let log = fs::File::create(self.dir.join("log"))?;
        let url = self.url();
        let child = self
            .command(&["system", "service", "--time=0", &url])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start podman")?;
        self.child = Some(child);
        let deadline = Instant::now() + Duration::from_secs(10);
        while UnixStream::connect(&self.socket).is_err() {
            let log = fs::read_to_string(self.dir.join("log")).unwrap_or_default();
            ensure!(Instant::now() < deadline, "podman does not answer: {log}");
            if let Some(child) = &mut self.child
                && let Some(status) = child.try_wait()?
            {
                bail!("podman ended at once with {status}: {log}");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// The monitor of an exec session stays for five minutes after its program.
    fn end_monitors(&self) {
        for (pid, arguments) in self.processes() {
            if arguments.split('\0').next().is_some_and(|program| program.ends_with("conmon")) {
                let _ = Command::new("kill").arg(pid).stderr(Stdio::null()).status();
            }
        }
    }

    /// Monitors clean up after themselves by calling podman, which mounts the storage once more.
    fn await_end(&self) {
        let deadline = Instant::now() + Duration::from_secs(5);
        while !self.processes().is_empty() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Process ids and arguments of whatever has this service's folder in its arguments.
    fn processes(&self) -> Vec<(String, String)> {
        let folder = format!("{}/", self.dir.display());
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let arguments = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let arguments = String::from_utf8_lossy(&arguments).into_owned();
            if name.parse::<u32>().is_ok() && arguments.contains(&folder) {
                found.push((name, arguments));
            }
        }
        found
    }

    /// Services beside each other must share no network: their forwarding rules would be torn down together.
    fn configure(&self) -> Result<()> {
        let number = NEXT_NETWORK.fetch_add(1, Ordering::Relaxed);
        let seed = std::process::id().wrapping_mul(31).wrapping_add(u32::from(number));
        let [_, _, high, low] = seed.to_be_bytes();
        let name = format!("bed{high:02x}{low:02x}");
        let networks = self.dir.join("networks");
        fs::create_dir_all(&networks)?;
        let limits = "default_ulimits = [\"nofile=4096:4096\", \"nproc=8192:8192\"]";
        let containers = self.options.containers_table.as_deref().unwrap_or(limits);
        let text = format!(
            "[containers]\n{containers}\n[engine]\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\nruntime = \"runc\"\n[network]\nnetwork_config_dir = \"{}\"\ndefault_network = \"{name}\"\n",
            networks.display()
        );
        fs::write(self.containers_conf(), text)?;
        // Registries of the testbed speak plain HTTP.
        let registries =
            "[[registry]]\nprefix = \"127.0.0.1\"\nlocation = \"127.0.0.1\"\ninsecure = true\n";
        fs::write(self.dir.join("registries.conf"), registries)?;
        let subnet = format!("10.{}.{low}.0/24", 96 + high % 96);
        let id = format!("{:064x}", (u64::from(std::process::id()) << 16) | u64::from(number));
        // Written as podman would: `podman network create` refuses the name of the default network.
        let network = serde_json::json!({
            "name": name, "id": id, "driver": "bridge", "network_interface": name,
            "created": "2026-01-01T00:00:00Z",
            "subnets": [{ "subnet": subnet, "gateway": format!("10.{}.{low}.1", 96 + high % 96) }],
            "ipv6_enabled": false, "internal": false, "dns_enabled": false,
            "ipam_options": { "driver": "host-local" },
        });
        fs::write(networks.join(format!("{name}.json")), network.to_string())?;
        Ok(())
    }

    fn import_boxes(&self) -> Result<()> {
        let tar = self.dir.join("rootfs.tar");
        box_image::write(&tar)?;
        let tar = tar.display().to_string();
        for (image, changes) in box_image::IMAGES {
            let changes = changes.iter().flat_map(|change| ["-c", change]);
            let arguments: Vec<&str> =
                ["import", "-q"].into_iter().chain(changes).chain([tar.as_str(), image]).collect();
            self.podman(&arguments)?;
        }
        Ok(())
    }
}

impl Drop for PodmanService {
    fn drop(&mut self) {
        if let Err(error) = self.podman(&["rm", "--all", "--force", "--time", "0"]) {
            eprintln!("cannot remove the containers of the testbed: {error}");
        }
        self.kill();
        self.end_monitors();
        let _ = self.podman(&["volume", "rm", "--all", "--force"]);
        self.await_end();
        let mounted = self.storage.join("overlay");
        let _ = Command::new("umount").arg("-q").arg(&mounted).stderr(Stdio::null()).status();
    }
}
