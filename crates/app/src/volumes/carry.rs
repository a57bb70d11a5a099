//! Carries volumes between a server and files of this computer.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use backend_api::{BackendError, Cx, LogSink, StepSink, Volumes};
use bytes::Bytes;
use model::{ErrorCode, Failure, LogStream};
use tokio::{
    io::{AsyncWriteExt as _, BufWriter},
    sync::mpsc,
};

use super::archive;
use crate::{runs::LiveRun, sessions::Live};

/// Chunks between the server and the file.
const CHUNKS: usize = 16;
/// Progress is told every so many bytes.
const TOLD_EVERY: u64 = 64 * 1024 * 1024;
const MIB: u64 = 1024 * 1024;

/// A session and what it may be asked.
pub(super) struct Carrier {
    pub(super) live: Arc<Live>,
}

impl Carrier {
    fn cx(&self, run: &Arc<LiveRun>) -> Cx {
        let log: Arc<dyn LogSink> = Arc::<LiveRun>::clone(run);
        self.live.cx.for_call(run.cancel.clone(), log)
    }

    fn volumes(&self) -> Result<&dyn Volumes, Failure> {
        self.live.session.volumes().ok_or_else(|| self.live.cannot("carry volumes"))
    }

    pub(super) async fn remove(self, names: Vec<String>, run: Arc<LiveRun>) -> Result<(), Failure> {
        run.begin(0);
        let cx = self.cx(&run);
        for name in names {
            if run.cancel.is_cancelled() {
                return Err(BackendError::Cancelled.into());
            }
            self.volumes()?.remove(&name, &cx).await?;
            run.line(LogStream::Stdout, &format!("volume {name} is deleted"));
        }
        Ok(())
    }

    pub(super) async fn export(
        self,
        name: String,
        path: PathBuf,
        run: Arc<LiveRun>,
    ) -> Result<(), Failure> {
        run.begin(0);
        let mut partial = path.clone().into_os_string();
        partial.push(".part");
        let partial = PathBuf::from(partial);
        let cx = self.cx(&run);
        let (sender, receiver) = mpsc::channel(CHUNKS);
        let volumes = self.volumes()?;
        let (sent, written) =
            tokio::join!(volumes.export(&name, sender, &cx), write(&partial, receiver, &run));
        // The file's trouble is the cause when it ended the transfer.
        let done = match (sent, written) {
            (_, Err(failure)) => Err(failure),
            (Err(error), Ok(_)) => Err(error.into()),
            (Ok(()), Ok(bytes)) => finish(&partial, &path, bytes, &run).await,
        };
        if done.is_err() {
            drop(tokio::fs::remove_file(&partial).await);
        }
        done
    }

    pub(super) async fn import(
        self,
        name: String,
        path: PathBuf,
        run: Arc<LiveRun>,
    ) -> Result<(), Failure> {
        run.begin(0);
        let found = archive::check(path.clone(), run.cancel.clone()).await?;
        let size = found.bytes / MIB;
        run.line(LogStream::Note, &format!("{} entries, {size} MiB", found.entries));
        if found.is_all_roots {
            let line =
                "the archive tells no owners: everything is given to user 1000, the dev user";
            run.line(LogStream::Note, line);
        }
        let tar = archive::stream(path, found.is_all_roots);
        self.volumes()?.import(&name, tar, &self.cx(&run)).await?;
        run.line(LogStream::Stdout, &format!("volume {name} is there"));
        Ok(())
    }
}

async fn write(
    partial: &Path,
    mut chunks: mpsc::Receiver<Bytes>,
    run: &LiveRun,
) -> Result<u64, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(ErrorCode::Storage, format!("cannot write {}", partial.display()))
            .with_hint("Check the rights and the free space of the folder, or pick another one.")
            .with_detail(error.to_string())
    };
    let mut file = BufWriter::new(tokio::fs::File::create(partial).await.map_err(cannot)?);
    let (mut bytes, mut told) = (0, TOLD_EVERY);
    while let Some(chunk) = chunks.recv().await {
        file.write_all(&chunk).await.map_err(cannot)?;
        bytes += chunk.len() as u64;
        if bytes >= told {
            run.line(LogStream::Stdout, &format!("{} MiB written", bytes / MIB));
            told += TOLD_EVERY;
        }
    }
    file.flush().await.map_err(cannot)?;
    Ok(bytes)
}

async fn finish(partial: &Path, path: &Path, bytes: u64, run: &LiveRun) -> Result<(), Failure> {
    tokio::fs::rename(partial, path).await.map_err(|error| {
        Failure::new(ErrorCode::Storage, format!("cannot write {}", path.display()))
            .with_hint("Pick another place.")
            .with_detail(error.to_string())
    })?;
    let text = format!("{} MiB in {}", bytes.div_ceil(MIB), path.display());
    run.line(LogStream::Stdout, &text);
    Ok(())
}
