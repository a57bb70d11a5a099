//! Files of a container, as tar streams. Ownership is the tar's: nothing is changed by hand afterwards.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use backend_api::{BackendError, Cx, Files, TarStream};
use futures::StreamExt;
use http_body_util::BodyExt;
use model::WorkspaceId;
use tokio::sync::Notify;

use crate::http::{Call, Reply, escape};
use crate::session::PodmanSession;

#[async_trait]
impl Files for PodmanSession {
    async fn put(
        &self,
        id: &WorkspaceId,
        folder: &str,
        tar: TarStream<io::Error>,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let moved = Arc::new(Notify::new());
        let words = Arc::new(Mutex::new(None));
        let (tell, keep) = (Arc::clone(&moved), Arc::clone(&words));
        let tar = tar.inspect(move |item| {
            tell.notify_one();
            if let Err(error) = item {
                *keep.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
            }
        });
        // Without `copyUIDGID=false` everything would belong to the container's own user, mostly root.
        let path = archive(id, folder);
        let call = Call::put(format!("{path}&copyUIDGID=false")).tar(tar).bulk();
        let sent = self.client.send_while(call, &moved, cx).await;
        let words = words.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (words, sent) {
            (Some(words), _) => Err(BackendError::invalid(format!(
                "cannot put files into \"{}\": {words}",
                self.name_of(id)
            ))
            .with_hint("Look at the files on this computer and try again.")),
            (None, Ok(reply)) => self.check_archive(id, folder, "put files into", reply).map(drop),
            (None, Err(error)) => Err(error),
        }
    }

    async fn get(
        &self,
        id: &WorkspaceId,
        path: &str,
        cx: &Cx,
    ) -> Result<TarStream<BackendError>, BackendError> {
        let streaming = match self.client.stream(Call::get(archive(id, path)).bulk(), cx).await? {
            Ok(streaming) => streaming,
            Err(reply) => {
                let refused = self.check_archive(id, path, "read files of", reply);
                return Err(refused.err().unwrap_or(BackendError::Cancelled));
            }
        };
        let (client, cancel) = (self.client.clone(), cx.cancel.clone());
        let items = futures::stream::unfold(Some(streaming), move |streaming| {
            let (client, cancel) = (client.clone(), cancel.clone());
            async move {
                let mut streaming = streaming?;
                loop {
                    let frame = tokio::select! {
                        biased;
                        // An error, so that nobody takes half an archive for a whole one.
                        () = cancel.cancelled() => return Some((Err(BackendError::Cancelled), None)),
                        frame = streaming.body.frame() => frame?,
                    };
                    match frame.map(hyper::body::Frame::into_data) {
                        Ok(Ok(bytes)) => return Some((Ok(bytes), Some(streaming))),
                        Ok(Err(_)) => {}
                        Err(error) => return Some((Err(client.lost(&error.to_string())), None)),
                    }
                }
            }
        });
        Ok(items.boxed())
    }
}

fn archive(id: &WorkspaceId, path: &str) -> String {
    format!("containers/{}/archive?path={}", escape(id.as_str()), escape(path))
}

impl PodmanSession {
    /// A path that is not there is told apart from a container that is not there.
    fn check_archive(
        &self,
        id: &WorkspaceId,
        path: &str,
        verb: &str,
        reply: Reply,
    ) -> Result<Reply, BackendError> {
        let name = self.name_of(id);
        let is_missing = reply.status.as_u16() == 404;
        self.attempt(verb, &name).check(reply).map_err(|error| match error {
            BackendError::Rejected(failure) if is_missing => BackendError::not_found(format!(
                "\"{name}\" on \"{}\" has no \"{path}\"",
                self.server_name()
            ))
            .with_hint("Check the path.")
            .with_detail(failure.detail.unwrap_or_default()),
            other => other,
        })
    }
}
