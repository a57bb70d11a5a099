//! Two nginx: the service that both proxies carry, and the proxy to compare with.

use std::{
    fs,
    net::TcpStream,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::Result;
use tempfile::TempDir;
use tests::{process::Started, sshd::free_port};

const READY: Duration = Duration::from_secs(10);

/// A running nginx. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Nginx {
    pub(crate) port: u16,
    process: Started,
    _folder: TempDir,
}

/// A service that answers with one kibibyte.
///
/// # Errors
/// When nginx is missing or does not come up.
pub(crate) fn service() -> Result<Nginx> {
    let body = "0123456789abcdef".repeat(64);
    start("", &format!("location / {{ default_type text/plain; return 200 \"{body}\"; }}"))
}

/// A proxy in front of it, as it is set up when it should be fast.
///
/// # Errors
/// As for `service`.
pub(crate) fn proxy(service: u16) -> Result<Nginx> {
    let upstream = format!(
        "upstream service {{ server 127.0.0.1:{service}; keepalive 64; keepalive_requests 10000000; }}"
    );
    let location = "location / { proxy_pass http://service; proxy_http_version 1.1; \
                    proxy_set_header Connection \"\"; proxy_set_header Host $http_host; \
                    proxy_set_header X-Forwarded-Host $http_host; \
                    proxy_set_header X-Forwarded-Proto http; }";
    start(&upstream, location)
}

fn start(upstream: &str, location: &str) -> Result<Nginx> {
    let folder = tempfile::Builder::new().prefix("moorline-nginx-").tempdir()?;
    let here = folder.path().display();
    let port = free_port()?;
    let config = format!(
        "daemon off; worker_processes 2; pid {here}/pid; error_log {here}/error.log;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; keepalive_requests 10000000; tcp_nodelay on;\n\
         client_body_temp_path {here}/body; proxy_temp_path {here}/proxy;\n\
         fastcgi_temp_path {here}/f; uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;\n\
         {upstream}\nserver {{ listen 127.0.0.1:{port}; {location} }} }}\n"
    );
    let file = folder.path().join("nginx.conf");
    fs::write(&file, config)?;
    let mut command = Command::new("nginx");
    command.arg("-c").arg(&file).arg("-p").arg(folder.path()).stderr(Stdio::null());
    let mut process = Started::start("nginx", &mut command)?;
    process.wait_until(READY, || TcpStream::connect(("127.0.0.1", port)).is_ok())?;
    Ok(Nginx { port, process, _folder: folder })
}

impl Nginx {
    /// Process ids of its workers.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub(crate) fn workers(&self) -> Result<Vec<u32>> {
        let pid = self.process.pid();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))?;
        children.split_whitespace().map(|child| Ok(child.parse()?)).collect()
    }
}
