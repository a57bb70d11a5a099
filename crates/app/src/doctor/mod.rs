//! Doctor: tests a connection stage by stage on a link of its own, connected or not, stored or not.
//!
//! What a kind of connection tests of itself comes from its backend. Nothing is changed by a test,
//! apart from a host key that a person accepts during it.

mod asker;
mod board;
mod certificates;
mod clock;
mod copy_key;
mod machine;
mod remedy;
mod target;

use std::{sync::Arc, time::Duration};

use backend_api::{Backend, ConnectInput, Cx};
use model::{ConnectionId, ConnectionInput, Diagnosis, DiagnosisReport, ErrorCode, Failure};
use serde::Deserialize;
use ssh::Link;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use ts_rs::TS;

use crate::{
    Core,
    questions::{CertificateJudge, ToldBy},
    sessions,
    shared::Shared,
};
use asker::DoctorAsker;
use board::Board;
use certificates::DoctorCertificates;
use target::Target;

/// How long the checks of a backend may take altogether.
const CHECKS_WITHIN: Duration = Duration::from_secs(90);

/// What is tested: a stored connection, one as a form has it now, or both: a stored one with changes.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DoctorSubject {
    pub connection_id: Option<ConnectionId>,
    pub input: Option<ConnectionInput>,
}

/// A test that goes on. Dropping it cancels the test.
pub struct DoctorFollow {
    news: watch::Receiver<Diagnosis>,
    is_over: bool,
    _cancel: DropGuard,
}

impl DoctorFollow {
    /// The test as it stands, whenever it changed; none after the end.
    pub async fn next(&mut self) -> Option<DiagnosisReport> {
        if self.is_over || self.news.changed().await.is_err() {
            return None;
        }
        let diagnosis = self.news.borrow_and_update().clone();
        self.is_over = diagnosis.ended_at.is_some();
        Some(diagnosis.into())
    }
}

impl Core {
    /// Begins a test. `asks` says whether the person may be asked during it: for host keys and
    /// credentials; without, such a stage fails and says what would be asked.
    ///
    /// # Errors
    /// `Invalid` names the field of an input that will not do; `NotFound` for a connection that is gone.
    pub async fn doctor(
        &self,
        subject: DoctorSubject,
        asks: bool,
    ) -> Result<DoctorFollow, Failure> {
        let target = self.doctor_target(subject).await?;
        let backend = self.shared.backend(&target.connection.kind)?;
        let board = Arc::new(Board::new(target.diagnosis(backend.as_ref(), self.shared.now())));
        let mut news = board.subscribe();
        news.mark_changed();
        let cancel = self.shared.cancel.child_token();
        let test = Test { shared: Arc::clone(&self.shared), target, backend, board, asks };
        let token = cancel.clone();
        self.shared.spawn(async move {
            tokio::select! {
                biased;
                () = token.cancelled() => {}
                () = test.run(&token) => {}
            }
        });
        Ok(DoctorFollow { news, is_over: false, _cancel: cancel.drop_guard() })
    }
}

struct Test {
    shared: Arc<Shared>,
    target: Target,
    backend: Arc<dyn Backend>,
    board: Arc<Board>,
    asks: bool,
}

impl Test {
    async fn run(self, cancel: &CancellationToken) {
        match self.reach(cancel).await {
            Ok(link) => {
                self.check(link.as_ref(), cancel).await;
                if let Some(link) = link {
                    link.close().await;
                }
            }
            Err(failure) => self.board.fail(failure),
        }
        self.board.end(self.shared.now());
    }

    /// Makes the link, if the connection has one.
    async fn reach(&self, cancel: &CancellationToken) -> Result<Option<Arc<Link>>, Failure> {
        let Target { connection, hosts, given, .. } = &self.target;
        if hosts.is_empty() {
            return Ok(None);
        }
        let options = sessions::link_options(&self.shared, &connection.name, hosts, given).await?;
        let asker = Arc::new(DoctorAsker::new(self));
        let dyn_asker: Arc<dyn ssh::Asker> = Arc::<DoctorAsker>::clone(&asker);
        match Link::connect(options, dyn_asker, cancel.child_token()).await {
            Ok(link) => {
                asker.keep_answers().await;
                Ok(Some(Arc::new(link)))
            }
            Err(error) => Err(asker.explain(error.into())),
        }
    }

    /// What stands behind the link: the backend's own checks, then the clock.
    async fn check(&self, link: Option<&Arc<Link>>, cancel: &CancellationToken) {
        let (handle, connection) = (Arc::clone(&self.shared), self.target.connection.clone());
        let person = Arc::new(CertificateJudge::new(handle, connection, ToldBy::Nobody));
        let certificates = DoctorCertificates {
            board: Arc::clone(&self.board),
            person: self.asks.then(|| Arc::clone(&person)),
        };
        let carriers = sessions::carriers(link, cancel.child_token());
        let cx = Cx { certificates: Arc::new(certificates), ..carriers };
        match person.within(CHECKS_WITHIN, self.backend_checks(&cx)).await {
            Some(Ok(())) => {}
            Some(Err(failure)) => self.board.fail(failure),
            None => self.board.fail(
                Failure::new(
                    ErrorCode::Unreachable,
                    format!("{} does not answer", self.target.connection.name),
                )
                .with_hint("Look at the server's load, then test again."),
            ),
        }
        if link.is_some() {
            clock::test(&self.board, &cx).await;
        }
    }

    async fn backend_checks(&self, cx: &Cx) -> Result<(), Failure> {
        let connection = &self.target.connection;
        let input = ConnectInput {
            name: connection.name.clone(),
            fields: connection.fields.clone(),
            secrets: sessions::secrets(&self.shared, connection, &self.target.given).await?,
        };
        if let Some(own) = self.backend.diagnose() {
            return Ok(own.diagnose(input, self.board.as_ref(), cx).await?);
        }
        self.board.begin(target::SERVICE, None);
        let session = self.backend.connect(input, cx.clone()).await?;
        let product = session.server(cx).await?.product;
        self.board.pass(target::SERVICE, None, product);
        Ok(())
    }
}
