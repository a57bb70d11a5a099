//! Questions on the table: open question → event → answer. One goes away when nobody waits any more.
//!
//! What an answer leads to is the asker's business; nothing is remembered here.

mod answer;
mod asker;
mod certificates;
mod once;
mod patience;
mod turns;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use model::{Failure, HostKeyVerdict, Question, QuestionId, QuestionKind};
use tokio::sync::oneshot;

pub use answer::Answer;
pub(crate) use asker::{LinkAsker, ToldBy};
pub(crate) use certificates::{CERTIFICATE, CertificateJudge};
pub(crate) use turns::Turns;

use crate::{Core, shared::Shared, state::State};

/// How long a person has; afterwards the question counts as refused.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// All open questions.
#[derive(Default)]
pub(crate) struct Questions {
    open: BTreeMap<QuestionId, (Question, oneshot::Sender<Answer>)>,
}

impl Questions {
    /// The open questions, oldest first.
    pub(crate) fn views(&self) -> Vec<Question> {
        self.open.values().map(|(question, _)| question.clone()).collect()
    }

    /// Takes an answer. False when it does not fit the question, which then stays open.
    fn answer(&mut self, id: &QuestionId, answer: Answer) -> Result<(), Failure> {
        let Some((question, _)) = self.open.get(id) else { return Ok(()) };
        answer.check(&question.question)?;
        if let Some((_, sender)) = self.open.remove(id) {
            // Whoever asked may have given up this very moment.
            drop(sender.send(answer));
        }
        Ok(())
    }
}

/// Puts a question on the table and waits. None when it was refused or nobody answered in time;
/// dropping the future takes the question off the table.
pub(crate) async fn ask(
    shared: &Arc<Shared>,
    subject: &str,
    question: QuestionKind,
) -> Option<Answer> {
    if is_hopeless(&question) {
        return None;
    }
    let id = QuestionId::generate();
    let question = Question { id: id.clone(), subject: subject.to_owned(), question };
    let (sender, mut receiver) = oneshot::channel();
    // Stands before the question does, so that a caller dropped halfway leaves none behind.
    let (gone, is_gone) = oneshot::channel::<()>();
    let owner = shared.owner.clone();
    shared.spawn(async move {
        // Resolves when `gone` is dropped: answered, refused, out of time or cancelled.
        drop(is_gone.await);
        let clear = move |state: &mut State| {
            state.questions.open.remove(&id);
            state.changes.is_questions = true;
        };
        drop(owner.with(clear).await);
    });
    let put = move |state: &mut State| {
        state.questions.open.insert(question.id.clone(), (question, sender));
        state.changes.is_questions = true;
    };
    shared.owner.with(put).await.ok()?;
    let answer = tokio::time::timeout(PATIENCE, &mut receiver).await;
    drop(gone);
    match answer {
        Ok(Ok(Answer::Refuse)) | Ok(Err(_)) | Err(_) => None,
        Ok(Ok(answer)) => Some(answer),
    }
}

/// A revoked key is shown by the failure, never offered for a decision.
fn is_hopeless(question: &QuestionKind) -> bool {
    matches!(question, QuestionKind::HostKey(key) if key.verdict == HostKeyVerdict::Revoked)
}

impl Core {
    /// Everything the core waits on a person for.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn questions(&self) -> Result<Vec<Question>, Failure> {
        self.shared.owner.with(|state| state.questions.views()).await
    }

    /// Answers a question; one that nobody waits for any more is ignored.
    ///
    /// # Errors
    /// `Invalid` when the answer does not fit; the question stays open.
    pub async fn question_answer(&self, id: QuestionId, answer: Answer) -> Result<(), Failure> {
        let job = move |state: &mut State| {
            let result = state.questions.answer(&id, answer);
            state.changes.is_questions = true;
            result
        };
        self.shared.owner.with(job).await?
    }
}
