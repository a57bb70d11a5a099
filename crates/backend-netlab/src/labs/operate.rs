//! Carrying an operation out: files, waiting for the turn, jobs, looking afterwards; and going on with one
//! that an earlier session began.

use backend_api::{BackendError, Cx, LabDone, LabRequest, LabSink};
use model::{FieldProblem, LabVerb, LogStream};

use super::number::Kept;
use super::plan::{CANCEL_RUNNING, CANCEL_WAITING};
use super::prepare::{Load, Target};
use super::step::{Step, Teller, is_twofold};
use crate::folder::{Manifest, Sync};
use crate::session::NetlabSession;

/// One operation while it is carried out.
pub(super) struct Work<'a> {
    pub(super) session: &'a NetlabSession,
    pub(super) request: &'a LabRequest,
    pub(super) target: &'a Target,
    pub(super) told: &'a dyn LabSink,
    pub(super) teller: &'a Teller<'a>,
    pub(super) cx: &'a Cx,
}

impl NetlabSession {
    /// Carries a request out. `job` is of an earlier session that gave it to the server.
    pub(super) async fn operate(
        &self,
        request: &LabRequest,
        job: Option<&str>,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        if !self.features.verbs.contains(&request.verb) && request.verb != LabVerb::Redeploy {
            return Err(BackendError::unsupported("netlab's API has nothing for this")
                .with_hint("Restart takes the lab down and makes it anew."));
        }
        let teller = Teller::new(request, told);
        let (target, problems) = match job {
            Some(_) => self.target(request, cx).await?,
            None => self.numbered(request, cx).await?,
        };
        // From its end on the manifest in the folder says which number it has.
        let _kept = Kept { turns: &self.turns, folder: &target.folder };
        // What exists is the lab that the earlier session made.
        let is_new = job.is_none();
        if let Some(problem) = problems.into_iter().find(|_| is_new) {
            return Err(refused(problem));
        }
        if !target.is_on_trial {
            told.lab(&target.id(), target.instance);
        }
        told.cancel_means(CANCEL_WAITING);
        if is_new && teller.has(Step::Remove) {
            self.may_remove(&target, cx).await?;
        }
        let work = Work { session: self, request, target: &target, told, teller: &teller, cx };
        let done = work.main_part(is_new, job).await;
        if target.is_on_trial {
            work.clear_trial(&done).await;
        }
        let done = done?;
        if teller.has(Step::Remove) {
            teller.begin(Step::Remove);
            work.remove_folder().await?;
        }
        Ok(done)
    }
}

impl Work<'_> {
    /// Files, then what the operation is about.
    async fn main_part(&self, is_new: bool, job: Option<&str>) -> Result<LabDone, BackendError> {
        if is_new && self.teller.has(Step::Sync) {
            self.sync().await?;
        }
        self.in_turn(job).await
    }

    /// What was only to be looked at goes, unless netlab may still be at it.
    async fn clear_trial(&self, done: &Result<LabDone, BackendError>) {
        if matches!(done, Err(BackendError::Unreachable(_) | BackendError::Cancelled)) {
            return;
        }
        if let Err(error) = self.remove_folder().await {
            self.note(&format!("{} could not be removed: {error}", self.target.folder));
        }
    }

    /// Brings the lab's folder to what is wanted.
    async fn sync(&self) -> Result<(), BackendError> {
        let (session, target, cx) = (self.session, self.target, self.cx);
        let (Some(material), Some(instance)) = (&self.request.material, target.instance) else {
            return Ok(());
        };
        self.teller.begin(Step::Sync);
        let load = session.load(material, instance).await?;
        let difference = session.difference(target, &load, cx).await?;
        for path in &difference.foreign {
            self.note(&format!("{path} was changed on the server by somebody else; their version is now in .moorline-kept"));
        }
        let (changed, removed) = (difference.write.len(), difference.remove.len());
        self.note(&format!(
            "{changed} files to send, {removed} to remove, {} unchanged",
            difference.unchanged.len()
        ));
        let mut manifest = target.manifest.clone().unwrap_or_default();
        let is_known = manifest.instance == Some(instance) && manifest.topology == target.topology;
        if difference.is_nothing() && is_known && manifest.writing.is_empty() {
            return Ok(());
        }
        let files = std::mem::take(&mut manifest.files);
        manifest = Manifest::new(&target.name, &target.topology);
        (manifest.files, manifest.instance) = (files, Some(instance));
        let sent = self.send(&load, &difference, &mut manifest).await;
        session.known().manifests.remove(&target.folder);
        sent
    }

    async fn send(
        &self,
        load: &Load,
        difference: &crate::folder::Difference,
        manifest: &mut Manifest,
    ) -> Result<(), BackendError> {
        let (folder, cx) = (self.target.folder.as_str(), self.cx);
        let files = self.session.files.with(cx, |files| async { Ok(files) }).await?;
        let sync = Sync { files: files.as_ref(), folder };
        let total = difference.bytes;
        let moved = |bytes: u64| self.teller.progress(Step::Sync, bytes, total);
        let own = &load.material.files;
        cx.until_cancelled(sync.carry_out(&load.wanted, own, difference, manifest, &moved)).await
    }

    /// Waits for the turn and does everything that nobody else's job may come between.
    async fn in_turn(&self, job: Option<&str>) -> Result<LabDone, BackendError> {
        let (session, cx) = (self.session, self.cx);
        self.teller.begin(Step::Queue);
        let ahead = session.turns.ahead();
        if ahead > 0 {
            self.note(&format!("waiting for {ahead} of Moorline's own jobs on this server"));
        }
        let turn = session.turns.job(cx).await?;
        let mut resumed = match job {
            Some(job) => Some(self.find(job).await?),
            None => None,
        };
        if is_twofold(self.request.verb) {
            self.down_first(&mut resumed).await?;
        }
        self.teller.begin(Step::Run);
        let fetched = self.main_job(resumed).await?;
        drop(turn);
        Ok(LabDone { lab_id: self.target.id(), fetched })
    }

    /// From now on the server has it.
    pub(super) fn is_given(&self, job: &str) {
        self.told.job(job);
        self.told.cancel_means(CANCEL_RUNNING);
    }

    pub(super) fn note(&self, text: &str) {
        self.cx.log.line(LogStream::Note, text);
    }
}

fn refused(problem: FieldProblem) -> BackendError {
    let error = BackendError::invalid(problem.message);
    if problem.field.is_empty() { error } else { error.with_field(problem.field) }
}
