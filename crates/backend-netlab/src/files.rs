//! Files of the SSH host: one session for all, opened when it is first needed and again after it broke.

use std::sync::{Arc, Mutex, PoisonError};

use backend_api::{BackendError, Cx, FileSession};

/// The files of a server.
#[derive(Default)]
pub(crate) struct Files {
    open: Mutex<Option<Arc<dyn FileSession>>>,
    home: Mutex<Option<String>>,
}

impl Files {
    /// Does something with files, once more with a new session when the one that was open broke. Only for what may
    /// be done twice.
    pub(crate) async fn with<T, F>(
        &self,
        cx: &Cx,
        work: impl Fn(Arc<dyn FileSession>) -> F + Send + Sync,
    ) -> Result<T, BackendError>
    where
        T: Send,
        F: Future<Output = Result<T, BackendError>> + Send,
    {
        let kept = self.open.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(session) = kept {
            match cx.until_cancelled(work(session)).await {
                Err(BackendError::Unreachable(_)) => {}
                done => return done,
            }
        }
        let session: Arc<dyn FileSession> = cx.until_cancelled(cx.files.open()).await?.into();
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&session));
        cx.until_cancelled(work(session)).await
    }

    /// The home folder of the login.
    pub(crate) async fn home(&self, cx: &Cx) -> Result<String, BackendError> {
        let known = self.home.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(home) = known {
            return Ok(home);
        }
        let home = self.with(cx, |files| async move { files.home().await }).await?;
        let home = home.trim_end_matches('/').to_owned();
        *self.home.lock().unwrap_or_else(PoisonError::into_inner) = Some(home.clone());
        Ok(home)
    }

    /// A path that may begin with `~/` as an absolute one.
    pub(crate) async fn absolute(&self, path: &str, cx: &Cx) -> Result<String, BackendError> {
        match path.strip_prefix("~/") {
            Some(below) => Ok(format!("{}/{below}", self.home(cx).await?)),
            None => Ok(path.to_owned()),
        }
    }

    /// A whole file; none when it is not there.
    pub(crate) async fn read(
        &self,
        path: &str,
        most: u64,
        cx: &Cx,
    ) -> Result<Option<Vec<u8>>, BackendError> {
        let read = self.with(cx, |files| async move { files.read(path, most).await }).await;
        match read {
            Ok(content) => Ok(Some(content)),
            Err(BackendError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
