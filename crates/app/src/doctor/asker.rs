//! Who answers what the link asks during a test: the person, when they said they would, else nobody.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use model::{ErrorCode, Failure, HostKeyQuestion, Secret};
use ssh::{Asker, CredentialsRequest, HostKeyAnswer, Progress};

use super::{Test, board::Board};
use crate::questions::{LinkAsker, ToldBy};

/// Answers for one test.
pub(super) struct DoctorAsker {
    board: Arc<Board>,
    person: Option<LinkAsker>,
    /// What nobody was there to answer.
    missed: Mutex<Option<CredentialsRequest>>,
    is_stored: bool,
}

impl DoctorAsker {
    pub(super) fn new(test: &Test) -> Self {
        let connection = &test.target.connection;
        let person = test.asks.then(|| {
            LinkAsker::new(
                Arc::clone(&test.shared),
                connection.name.clone(),
                ToldBy::Nobody,
                test.target.hosts.clone(),
            )
        });
        Self {
            board: Arc::clone(&test.board),
            person,
            missed: Mutex::default(),
            is_stored: test.target.is_stored,
        }
    }

    /// What a person said and what worked is kept, as after connecting.
    pub(super) async fn keep_answers(&self) {
        if let Some(person) = self.person.as_ref().filter(|_| self.is_stored) {
            person.keep_answers().await;
        }
    }

    /// A link that stopped because nobody answered says what was asked.
    pub(super) fn explain(&self, failure: Failure) -> Failure {
        let missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(request) = missed.filter(|_| failure.code == ErrorCode::Cancelled) else {
            return failure;
        };
        let asked = match &request.refused {
            Some(refused) => refused.trim_end_matches('.').to_owned(),
            None => format!("{} is needed", lower(&request.title)),
        };
        Failure::new(ErrorCode::SecretsLocked, asked)
            .with_hint("Enter it; it is used for this test, and kept only when you say so.")
    }
}

#[async_trait]
impl Asker for DoctorAsker {
    async fn host_key(&self, question: HostKeyQuestion) -> HostKeyAnswer {
        let Some(person) = &self.person else { return HostKeyAnswer::Refuse };
        self.board.say("waiting for you to compare the key");
        person.host_key(question).await
    }

    async fn credentials(&self, request: CredentialsRequest) -> Option<Vec<Secret<String>>> {
        if let Some(person) = &self.person {
            self.board.say("waiting for your answer");
            return person.credentials(request).await;
        }
        *self.missed.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
        None
    }

    fn stage(&self, _stage: &str) {}

    fn progress(&self, progress: Progress) {
        self.board.progress(progress);
    }
}

fn lower(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
