//! A named pipe that carries to the real agent.

use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};
use tokio::task::JoinHandle;

/// Serves a pipe for as long as it is held.
pub(crate) struct Pipe(JoinHandle<()>);

impl Pipe {
    /// Serves `name`, for example `\\.\pipe\mine`, with the agent behind a loopback port.
    pub(crate) fn open(name: &str, agent_port: u16) -> Self {
        let first = ServerOptions::new().first_pipe_instance(true).create(name).unwrap();
        Self(tokio::spawn(serve(first, name.to_owned(), agent_port)))
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn serve(mut next: NamedPipeServer, name: String, agent_port: u16) {
    while next.connect().await.is_ok() {
        let fresh = ServerOptions::new().create(&name).unwrap();
        let mut near = std::mem::replace(&mut next, fresh);
        tokio::spawn(async move {
            let mut far = TcpStream::connect(("127.0.0.1", agent_port)).await.unwrap();
            let _ = copy_bidirectional(&mut near, &mut far).await;
        });
    }
}
