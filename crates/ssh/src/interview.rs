//! Asking while connecting: time limits stand still while a person thinks, and the answers to requests
//! for credentials are kept in memory, so that a further connection to the same host asks nothing. What
//! serves once is never kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use model::{HostKeyQuestion, Secret};
use tokio::sync::watch;

use crate::{Asker, CredentialsRequest, HostKeyAnswer, Progress};

/// Who asks for what: hop, method and the labels of the prompts.
type Key = (usize, usize, Vec<String>);

/// The latest answers a person gave that serve again, by what was asked.
#[derive(Debug, Default)]
pub(crate) struct Answers(Mutex<HashMap<Key, Vec<Secret<String>>>>);

impl Answers {
    fn keep(&self, key: Key, answers: Vec<Secret<String>>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, answers);
    }

    fn get(&self, key: &Key) -> Option<Vec<Secret<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }
}

/// Asks on behalf of one attempt to connect.
pub(crate) struct Interview {
    asker: Arc<dyn Asker>,
    answers: Arc<Answers>,
    asking: watch::Sender<usize>,
}

impl Interview {
    pub(crate) fn new(asker: Arc<dyn Asker>, answers: Arc<Answers>) -> Self {
        Self { asker, answers, asking: watch::Sender::new(0) }
    }

    pub(crate) fn stage(&self, stage: &str) {
        tracing::debug!(stage, "connecting");
        self.asker.stage(stage);
    }

    pub(crate) fn progress(&self, progress: Progress) {
        self.asker.progress(progress);
    }

    pub(crate) async fn host_key(&self, question: HostKeyQuestion) -> HostKeyAnswer {
        let _asking = Asking::begin(&self.asking);
        self.asker.host_key(question).await
    }

    pub(crate) async fn credentials(
        &self,
        request: CredentialsRequest,
    ) -> Option<Vec<Secret<String>>> {
        let (key, serves_again) = (key_of(&request), request.can_remember);
        let answers = {
            let _asking = Asking::begin(&self.asking);
            self.asker.credentials(request).await?
        };
        if serves_again {
            self.answers.keep(key, answers.clone());
        }
        Some(answers)
    }

    /// Stops the clocks for as long as what it returns lives: a person has to do something elsewhere.
    pub(crate) fn thinking(&self) -> impl Drop + '_ {
        Asking::begin(&self.asking)
    }

    /// Runs `work` for at most `limit`, which starts again after each question. None when it ran out.
    pub(crate) async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        tokio::select! {
            biased;
            result = work => Some(result),
            () = self.quiet_for(limit) => None,
        }
    }

    /// Resolves once nobody has been asked anything for this long.
    pub(crate) async fn quiet_for(&self, limit: Duration) {
        let mut asking = self.asking.subscribe();
        loop {
            if asking.wait_for(|open| *open == 0).await.is_err() {
                return;
            }
            if tokio::time::timeout(limit, asking.changed()).await.is_err() {
                return;
            }
        }
    }
}

struct Asking<'a>(&'a watch::Sender<usize>);

impl<'a> Asking<'a> {
    fn begin(open: &'a watch::Sender<usize>) -> Self {
        open.send_modify(|open| *open += 1);
        Self(open)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

/// Answers from memory, and never for a person: what it does not know it declines.
pub(crate) struct Replay(pub(crate) Arc<Answers>);

#[async_trait]
impl Asker for Replay {
    async fn host_key(&self, _question: HostKeyQuestion) -> HostKeyAnswer {
        HostKeyAnswer::Refuse
    }

    async fn credentials(&self, request: CredentialsRequest) -> Option<Vec<Secret<String>>> {
        if request.refused.is_some() { None } else { self.0.get(&key_of(&request)) }
    }

    fn stage(&self, _stage: &str) {}
}

fn key_of(request: &CredentialsRequest) -> Key {
    let labels = request.prompts.iter().map(|prompt| prompt.label.clone()).collect();
    (request.hop, request.method, labels)
}

#[cfg(test)]
mod tests {
    use model::Prompt;

    use super::*;

    /// Answers everything with one word.
    struct Parrot;

    #[async_trait]
    impl Asker for Parrot {
        async fn host_key(&self, _question: HostKeyQuestion) -> HostKeyAnswer {
            HostKeyAnswer::Refuse
        }

        async fn credentials(&self, _request: CredentialsRequest) -> Option<Vec<Secret<String>>> {
            Some(vec![Secret::new("canary".into())])
        }

        fn stage(&self, _stage: &str) {}
    }

    fn request(label: &str, can_remember: bool) -> CredentialsRequest {
        CredentialsRequest {
            hop: 0,
            method: 0,
            title: "Log in".into(),
            instruction: None,
            prompts: vec![Prompt { label: label.into(), is_echoed: false }],
            can_remember,
            refused: None,
        }
    }

    #[tokio::test]
    async fn only_what_serves_again_answers_a_further_connection() {
        let answers = Arc::new(Answers::default());
        let interview = Interview::new(Arc::new(Parrot), Arc::clone(&answers));
        for (label, can_remember) in [("Password", true), ("Verification code", false)] {
            interview.credentials(request(label, can_remember)).await.unwrap();
        }
        let replay = Replay(answers);
        assert!(replay.credentials(request("Password", true)).await.is_some());
        for can_remember in [true, false] {
            assert!(replay.credentials(request("Verification code", can_remember)).await.is_none());
        }
    }
}
