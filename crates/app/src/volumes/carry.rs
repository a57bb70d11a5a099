//! Carries volumes between a server and files of this computer.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use backend_api::{BackendError, Cx, LogSink, StepSink, Volumes};
use bytes::Bytes;
use model::{Failure, LogStream};
use tokio::sync::mpsc;

use super::archive;
use crate::{runs::LiveRun, saving::Saving, sessions::Live};

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
        let cx = self.cx(&run);
        let (sender, receiver) = mpsc::channel(CHUNKS);
        let volumes = self.volumes()?;
        let (sent, written) =
            tokio::join!(volumes.export(&name, sender, &cx), write(&path, receiver, &run));
        // The file's trouble is the cause when it ended the transfer.
        let (saving, bytes) = written?;
        sent?;
        saving.end().await?;
        let text = format!("{} MiB in {}", bytes.div_ceil(MIB), path.display());
        run.line(LogStream::Stdout, &text);
        Ok(())
    }

    pub(super) async fn import(
        self,
        name: String,
        path: PathBuf,
        run: Arc<LiveRun>,
    ) -> Result<(), Failure> {
        run.begin(0);
        let (found, file) = archive::check(path, run.cancel.clone()).await?;
        let size = found.bytes / MIB;
        run.line(LogStream::Note, &format!("{} entries, {size} MiB", found.entries));
        if found.is_all_roots {
            let line =
                "the archive tells no owners: everything is given to user 1000, the dev user";
            run.line(LogStream::Note, line);
        }
        let tar = archive::stream(file, found.is_all_roots);
        self.volumes()?.import(&name, tar, &self.cx(&run)).await?;
        run.line(LogStream::Stdout, &format!("volume {name} is there"));
        Ok(())
    }
}

async fn write(
    path: &Path,
    mut chunks: mpsc::Receiver<Bytes>,
    run: &LiveRun,
) -> Result<(Saving, u64), Failure> {
    let mut saving = Saving::begin(path).await?;
    let (mut bytes, mut told) = (0, TOLD_EVERY);
    while let Some(chunk) = chunks.recv().await {
        saving.write(&chunk).await?;
        bytes += chunk.len() as u64;
        if bytes >= told {
            run.line(LogStream::Stdout, &format!("{} MiB written", bytes / MIB));
            told += TOLD_EVERY;
        }
    }
    Ok((saving, bytes))
}
