//! Programs and files inside the fake server's workspaces: what was run is kept, what was put can be got.

use std::io::{self, Read as _};

use async_trait::async_trait;
use backend_api::{BackendError, Cx, ExecOutput, ExecRequest, Files, TarStream};
use bytes::{Bytes, BytesMut};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use model::WorkspaceId;

use super::session::FakeSession;

impl FakeSession {
    /// Answers as `FakeState::answers` says for the arguments joined with spaces; exit code 127 otherwise.
    pub(super) fn run_program(
        &self,
        id: &WorkspaceId,
        request: ExecRequest,
    ) -> Result<ExecOutput, BackendError> {
        self.check()?;
        self.find(id)?;
        let mut state = self.server.state();
        let answer = state.answers.get(&request.argv.join(" ")).cloned();
        state.programs.push(request);
        let missing = ExecOutput {
            exit_code: Some(127),
            stdout: Vec::new(),
            stderr: b"no such program".to_vec(),
        };
        Ok(answer.unwrap_or(missing))
    }
}

#[async_trait]
impl Files for FakeSession {
    async fn put(
        &self,
        id: &WorkspaceId,
        folder: &str,
        tar: TarStream<io::Error>,
        _cx: &Cx,
    ) -> Result<(), BackendError> {
        self.check()?;
        self.find(id)?;
        let bytes: Result<BytesMut, io::Error> = tar.try_collect().await;
        let read = bytes.and_then(|bytes| entries(&bytes));
        let entries = read.map_err(|error| BackendError::invalid(error.to_string()))?;
        let mut state = self.server.state();
        for (name, contents) in entries {
            state
                .files
                .insert((id.clone(), format!("{}/{name}", folder.trim_end_matches('/'))), contents);
        }
        Ok(())
    }

    async fn get(
        &self,
        id: &WorkspaceId,
        path: &str,
        _cx: &Cx,
    ) -> Result<TarStream<BackendError>, BackendError> {
        self.check()?;
        self.find(id)?;
        let state = self.server.state();
        let contents = state.files.get(&(id.clone(), path.to_owned()));
        let contents = contents.ok_or_else(|| BackendError::not_found(format!("no {path}")))?;
        let mut header = tar::Header::new_gnu();
        header.set_size(contents.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        let mut archive = tar::Builder::new(Vec::new());
        let name = path.rsplit('/').next().unwrap_or(path);
        let packed = archive
            .append_data(&mut header, name, contents.as_slice())
            .and_then(|()| archive.into_inner());
        let packed = packed.map_err(|error| BackendError::protocol(error.to_string()))?;
        Ok(stream::iter([Ok(Bytes::from(packed))]).boxed())
    }
}

/// Names and contents of the regular files.
fn entries(archive: &[u8]) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        if entry.header().entry_type().is_file() {
            let name = entry.path()?.to_string_lossy().into_owned();
            let mut contents = Vec::new();
            entry.read_to_end(&mut contents)?;
            found.push((name, contents));
        }
    }
    Ok(found)
}
