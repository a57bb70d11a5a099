//! The account's own files on the server. A file needs its folder first.

use backend_api::{BackendError, Cx};
use bytes::Bytes;
use http::StatusCode;
use https::Call;
use serde::Serialize;

use crate::api::{Api, escape};
use crate::wire::Entry;

const WORKSPACE: &str = "api/v1/labs/workspace";

#[derive(Serialize)]
struct Folder<'a> {
    path: &'a str,
}

impl Api {
    /// A file; none when it is not there.
    pub(crate) async fn file(&self, path: &str, cx: &Cx) -> Result<Option<Bytes>, BackendError> {
        let call = Call::get(format!("{WORKSPACE}/file?path={}", escape(path))).bulk();
        let reply = self.send(call, cx).await?;
        if reply.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        Ok(Some(self.attempt("read", path).check(reply)?.body))
    }

    pub(crate) async fn put_file(
        &self,
        path: &str,
        content: Bytes,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let call = Call::put(format!("{WORKSPACE}/file?path={}", escape(path)));
        let call = call.body("application/octet-stream", content).bulk();
        self.attempt("write", path).check(self.send(call, cx).await?).map(|_| ())
    }

    /// Removes a file; fine when it is not there.
    pub(crate) async fn remove_file(&self, path: &str, cx: &Cx) -> Result<(), BackendError> {
        self.remove(path, "", cx).await
    }

    /// Removes a folder with everything in it; fine when it is not there.
    pub(crate) async fn remove_folder(&self, path: &str, cx: &Cx) -> Result<(), BackendError> {
        self.remove(path, "&recursive=true", cx).await
    }

    async fn remove(&self, path: &str, how: &str, cx: &Cx) -> Result<(), BackendError> {
        let call = Call::delete(format!("{WORKSPACE}/file?path={}{how}", escape(path)));
        let reply = self.send(call, cx).await?;
        if reply.status == StatusCode::NOT_FOUND {
            return Ok(());
        }
        self.attempt("remove", path).check(reply).map(|_| ())
    }

    /// Makes a folder whose parent is there; fine when it is there itself.
    pub(crate) async fn make_folder(&self, path: &str, cx: &Cx) -> Result<(), BackendError> {
        let call = Call::post(format!("{WORKSPACE}/directory")).json(&Folder { path })?;
        self.attempt("make the folder", path).check(self.send(call, cx).await?).map(|_| ())
    }

    /// What a folder holds; nothing when it is not there.
    pub(crate) async fn entries(&self, path: &str, cx: &Cx) -> Result<Vec<Entry>, BackendError> {
        let reply =
            self.send(Call::get(format!("{WORKSPACE}/tree?path={}", escape(path))), cx).await?;
        if reply.status == StatusCode::NOT_FOUND {
            return Ok(Vec::new());
        }
        let attempt = self.attempt("list", path);
        let reply = attempt.check(reply)?;
        self.read(&reply, attempt)
    }
}
