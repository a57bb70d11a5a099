//! Where configuration is looked for, and how its files are read. The only part that touches the disk.

use std::{
    fs, io,
    io::Read as _,
    path::{Path, PathBuf},
};

use ssh::ConfigFiles;

/// No configuration that a person wrote is larger.
const MAX_BYTES: u64 = 512 * 1024;

/// Places that the environment names; none means the usual ones in the home folder.
#[derive(Debug, Clone, Default)]
pub struct ConfigPlaces {
    /// `XDG_CONFIG_HOME`; on Windows the roaming application folder.
    pub config_folder: Option<PathBuf>,
    /// `CONTAINERS_CONF`.
    pub containers_conf: Option<PathBuf>,
    /// `CONTAINERS_CONF_OVERRIDE`.
    pub containers_conf_override: Option<PathBuf>,
    /// `PODMAN_CONNECTIONS_CONF`.
    pub podman_connections: Option<PathBuf>,
}

impl ConfigPlaces {
    /// The places that the environment of this process names.
    #[must_use]
    pub fn from_environment() -> Self {
        let path = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        Self {
            config_folder: path(if cfg!(windows) { "APPDATA" } else { "XDG_CONFIG_HOME" }),
            containers_conf: path("CONTAINERS_CONF"),
            containers_conf_override: path("CONTAINERS_CONF_OVERRIDE"),
            podman_connections: path("PODMAN_CONNECTIONS_CONF"),
        }
    }
}

/// Where this computer keeps what can be found, and what its paths are called.
pub(crate) struct Places<'a> {
    pub(crate) home: &'a Path,
    /// Ours: what we wrote ourselves is not found again.
    pub(crate) data_folder: &'a Path,
    pub(crate) named: &'a ConfigPlaces,
    pub(crate) files: &'a dyn ConfigFiles,
}

impl Places<'_> {
    /// A path as a person writes it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        match path.strip_prefix(self.home) {
            Ok(rest) => format!("~/{}", rest.display()),
            Err(_) => path.display().to_string(),
        }
    }

    /// A file and a line of it.
    pub(crate) fn line(&self, path: &Path, line: usize) -> String {
        let path = self.shown(path);
        if line == 0 { path } else { format!("{path}, line {line}") }
    }

    /// The login name on this computer, as far as the home folder tells.
    pub(crate) fn login(&self) -> String {
        self.home.file_name().map_or_else(|| "root".into(), |name| name.to_string_lossy().into())
    }

    pub(crate) fn config_folder(&self) -> PathBuf {
        self.named.config_folder.clone().unwrap_or_else(|| self.home.join(".config"))
    }

    /// `~/` is the home folder.
    pub(crate) fn expand(&self, path: &str) -> PathBuf {
        match path.strip_prefix("~/") {
            Some(rest) => self.home.join(rest),
            None => PathBuf::from(path),
        }
    }
}

/// Files of this computer.
pub(crate) struct DiskFiles;

impl ConfigFiles for DiskFiles {
    fn read(&self, path: &Path) -> io::Result<String> {
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is not a file"));
        }
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(io::Error::other("it is larger than 512 KiB"));
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn list(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }
}
