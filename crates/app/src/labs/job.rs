//! One operation on a lab while it goes on, and what the backend tells of it meanwhile.

use std::sync::{Arc, Mutex, PoisonError};

use backend_api::{LabRequest, LabSink, StepSink};
use model::{ConnectionId, Failure, LabId, LabOrigin, LabRef, LabVerb, StepProgress};
use store::KeptLab;
use tokio::sync::watch;

use super::{asked::Asked, kept};
use crate::{runs::LiveRun, shared::Shared, state::State, templates::Material};

/// What a server was told to do and under which names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Told {
    lab: Option<(LabId, Option<u16>)>,
    job: Option<String>,
}

/// An operation that goes on.
pub(super) struct Job {
    pub(super) shared: Arc<Shared>,
    pub(super) run: Arc<LiveRun>,
    pub(super) connection_id: ConnectionId,
    pub(super) connection_name: String,
    pub(super) asked: Asked,
    pub(super) material: Option<Material>,
    told: watch::Sender<Told>,
    stored: Mutex<Told>,
}

impl Job {
    pub(super) fn new(
        shared: &Arc<Shared>,
        run: Arc<LiveRun>,
        asked: Asked,
        material: Option<Material>,
        job: Option<String>,
    ) -> Self {
        let subject = run.snapshot().subject;
        let lab = asked.lab_id.clone().map(|id| (id, asked.instance));
        let told = Told { lab, job };
        Self {
            shared: Arc::clone(shared),
            run,
            connection_id: subject.connection_id,
            connection_name: subject.connection_name,
            asked,
            material,
            // What is kept of the lab is brought up to date by the first look.
            stored: Mutex::new(Told { lab: None, ..told.clone() }),
            told: watch::Sender::new(told),
        }
    }

    /// The name under which the server took it.
    pub(super) fn name(&self) -> Option<String> {
        self.told.borrow().job.clone()
    }

    /// The lab it is about, once it has an id.
    pub(super) fn lab(&self) -> Option<LabRef> {
        let (lab_id, _) = self.told.borrow().lab.clone()?;
        Some(LabRef { connection_id: self.connection_id.clone(), lab_id })
    }

    /// What is given to the backend now.
    pub(super) fn request(&self) -> LabRequest {
        let material =
            self.material.as_ref().map(|material| material.for_lab(&self.asked.variables));
        let mut request = self.asked.request(material);
        if let Some((id, instance)) = self.told.borrow().lab.clone() {
            request.lab_id = Some(id);
            request.instance = instance.or(request.instance);
        }
        request
    }

    /// Stores what is told for as long as it is awaited.
    pub(super) async fn keep_told(&self) {
        let mut told = self.told.subscribe();
        told.mark_changed();
        while told.changed().await.is_ok() {
            self.store_told().await;
        }
    }

    /// Stores what was told and is not stored yet.
    pub(super) async fn store_told(&self) {
        let told = self.told.borrow().clone();
        let before = std::mem::replace(
            &mut *self.stored.lock().unwrap_or_else(PoisonError::into_inner),
            told.clone(),
        );
        let run_id = self.run.snapshot().id;
        if let Some(job) = told.job.filter(|job| before.job.as_ref() != Some(job))
            && let Err(error) = self.shared.store.put_lab_job(&run_id, &job).await
        {
            tracing::warn!(%run_id, %error, "a job could not be stored");
        }
        if told.lab.is_some() && told.lab != before.lab {
            let id = told.lab.as_ref().map(|(id, _)| id.clone());
            let job = move |state: &mut State| {
                if let Some(id) = id {
                    state.labs.named(&run_id, &id);
                }
            };
            drop(self.shared.owner.with(job).await);
            self.keep_lab(told.lab.and_then(|(_, instance)| instance)).await;
        }
    }

    /// A lab that is made is kept from the moment it has an id.
    async fn keep_lab(&self, instance: Option<u16>) {
        let (Some(lab), Some(material)) = (self.lab(), &self.material) else { return };
        if self.asked.verb == LabVerb::Validate {
            return;
        }
        let Some(pick) = self.asked.template.clone() else { return };
        let origin = LabOrigin {
            template: pick,
            template_name: material.template_name.clone(),
            commit: material.commit.clone(),
            variables: self.asked.variables.clone(),
            created_at: self.shared.now(),
        };
        let (name, minutes) = (self.asked.name.clone(), self.asked.auto_stop_minutes);
        let change = move |kept: &mut KeptLab| {
            let created_at = kept.origin.as_ref().map(|old| old.created_at);
            kept.origin =
                Some(LabOrigin { created_at: created_at.unwrap_or(origin.created_at), ..origin });
            kept.name = name;
            kept.instance = instance.or(kept.instance);
            kept.auto_stop_minutes = minutes.or(kept.auto_stop_minutes);
        };
        if let Err(failure) = kept::change(&self.shared, &lab, change).await {
            tracing::warn!(%failure, "a lab could not be kept");
        }
    }

    /// The operation is over: nothing has to be taken up again.
    pub(super) async fn forget_name(&self) -> Result<(), Failure> {
        Ok(self.shared.store.forget_lab_job(&self.run.snapshot().id).await?)
    }
}

impl StepSink for Job {
    fn begin(&self, index: usize) {
        self.run.begin(index);
    }

    fn skip(&self, index: usize) {
        self.run.skip(index);
    }

    fn progress(&self, index: usize, progress: StepProgress) {
        self.run.progress(index, progress);
    }
}

impl LabSink for Job {
    fn lab(&self, id: &LabId, instance: Option<u16>) {
        self.run.made_lab(id.clone());
        self.told.send_modify(|told| told.lab = Some((id.clone(), instance)));
    }

    fn job(&self, job: &str) {
        self.told.send_modify(|told| told.job = Some(job.to_owned()));
    }

    fn cancel_means(&self, sentence: &str) {
        self.run.cancel_means(sentence.to_owned());
    }
}
