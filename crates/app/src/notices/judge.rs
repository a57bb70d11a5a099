//! What is worth telling: a pure step from an event to the notices it leads to.
//!
//! No clock and no I/O; what was told already is remembered here.

use std::collections::BTreeSet;

use model::{
    ConnectionId, ConnectionState, ConnectionView, ErrorCode, Failure, NoticeKind, Question,
    QuestionId, Run, RunId, RunStatus, TimestampMs, TunnelId,
};

use super::tunnels::Tunnels;
use crate::CoreEvent;

/// A run that succeeds sooner needs no word: the person is still there.
const LONG_MS: i64 = 10_000;
/// One lost try is a hiccup.
const TRIES: u32 = 2;

/// Remembers what was told.
pub(crate) struct Judge {
    /// Runs that ended before are history.
    since: TimestampMs,
    runs: BTreeSet<RunId>,
    /// Connections whose loss was told, and whether as final.
    lost: BTreeSet<(ConnectionId, bool)>,
    questions: BTreeSet<QuestionId>,
    tunnels: Tunnels,
}

impl Judge {
    pub(crate) fn new(since: TimestampMs) -> Self {
        let (runs, lost, questions, tunnels) = Default::default();
        Self { since, runs, lost, questions, tunnels }
    }

    /// Takes one event.
    pub(crate) fn take(&mut self, event: &CoreEvent) -> Vec<NoticeKind> {
        match event {
            CoreEvent::Run { run } => self.run(run).into_iter().collect(),
            CoreEvent::Connections { connections } => self.connections(connections),
            CoreEvent::Questions { questions } => self.questions(questions),
            CoreEvent::Tunnel { tunnel: Some(view), .. } => {
                self.tunnels.take(view).into_iter().collect()
            }
            CoreEvent::Tunnel { tunnel: None, .. } => Vec::new(),
            CoreEvent::Workspaces { .. }
            | CoreEvent::Terminals { .. }
            | CoreEvent::Labs { .. }
            | CoreEvent::Templates { .. }
            | CoreEvent::Settings { .. }
            | CoreEvent::Update { .. }
            | CoreEvent::Notices { .. }
            | CoreEvent::Links { .. }
            | CoreEvent::Navigate { .. } => Vec::new(),
        }
    }

    /// A tunnel of which what was told is over.
    pub(crate) fn take_back(&mut self, event: &CoreEvent) -> Option<TunnelId> {
        let CoreEvent::Tunnel { tunnel_id, tunnel } = event else { return None };
        self.tunnels.is_over(tunnel_id, tunnel.as_deref()).then(|| tunnel_id.clone())
    }

    fn run(&mut self, run: &Run) -> Option<NoticeKind> {
        let ended_at = run.ended_at.filter(|at| *at >= self.since)?;
        let is_worth_it = match run.status {
            // An interrupted run is told by the next start.
            RunStatus::Failed | RunStatus::Interrupted => true,
            RunStatus::Succeeded => ended_at - run.started_at >= LONG_MS,
            RunStatus::Running | RunStatus::Cancelled => false,
        };
        if !is_worth_it || !self.runs.insert(run.id.clone()) {
            return None;
        }
        Some(NoticeKind::RunEnded {
            run_id: run.id.clone(),
            verb: run.verb.clone(),
            name: run.subject.name.clone(),
            connection_name: run.subject.connection_name.clone(),
            status: run.status,
            error: run.error.as_ref().map(|error| error.message.clone()),
        })
    }

    fn connections(&mut self, views: &[ConnectionView]) -> Vec<NoticeKind> {
        self.lost.retain(|(id, _)| views.iter().any(|view| view.connection.id == *id));
        views.iter().filter_map(|view| self.connection(view)).collect()
    }

    fn connection(&mut self, view: &ConnectionView) -> Option<NoticeKind> {
        let id = &view.connection.id;
        match &view.state {
            ConnectionState::Connecting { .. } => None,
            ConnectionState::Disconnected => {
                self.lost.retain(|(known, _)| known != id);
                None
            }
            ConnectionState::Connected { .. } => {
                let before = self.lost.len();
                self.lost.retain(|(known, _)| known != id);
                (self.lost.len() < before).then(|| NoticeKind::ConnectionBack {
                    connection_id: id.clone(),
                    name: view.connection.name.clone(),
                })
            }
            ConnectionState::Reconnecting { attempt, error, .. } if *attempt >= TRIES => {
                self.lost(view, error, false)
            }
            ConnectionState::Reconnecting { .. } => None,
            ConnectionState::Failed { error, .. } if was_decided(error.code) => None,
            ConnectionState::Failed { error, .. } => self.lost(view, error, true),
        }
    }

    fn lost(
        &mut self,
        view: &ConnectionView,
        error: &Failure,
        is_final: bool,
    ) -> Option<NoticeKind> {
        self.lost.insert((view.connection.id.clone(), is_final)).then(|| {
            NoticeKind::ConnectionLost {
                connection_id: view.connection.id.clone(),
                name: view.connection.name.clone(),
                error: error.message.clone(),
                is_final,
            }
        })
    }

    fn questions(&mut self, open: &[Question]) -> Vec<NoticeKind> {
        let fresh = open.iter().filter(|question| !self.questions.contains(&question.id));
        let told =
            fresh.map(|question| NoticeKind::QuestionAsked { subject: question.subject.clone() });
        let told = told.collect();
        self.questions = open.iter().map(|question| question.id.clone()).collect();
        told
    }
}

/// The person was asked about it and said no.
fn was_decided(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::HostKeyUnknown
            | ErrorCode::HostKeyChanged
            | ErrorCode::CertificateUnknown
            | ErrorCode::CertificateChanged
            | ErrorCode::Cancelled
    )
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
