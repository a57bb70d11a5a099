//! Measurements: one collector per connection while anybody looks, and an hour of history.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::StreamExt as _;
use model::{MetricSample, WorkspaceRef};
use serde::Serialize;
use tokio::sync::{broadcast, watch};
use ts_rs::TS;

use crate::{Core, sessions::Live, shared::Shared};

const HISTORY_MS: i64 = 60 * 60 * 1000;
/// What is older than this is kept thinner: one sample in so long.
const WHOLE_MS: i64 = 15 * 60 * 1000;
const THIN_MS: i64 = 20 * 1000;
/// Samples of one workspace that are kept, whatever their pace.
const MOST: usize = 1024;
/// Batches that a slow follower may be behind.
const BEHIND: usize = 64;
/// Before asking again where the server ended the measurements.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// Samples of one workspace.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct WorkspaceMetrics {
    pub workspace: WorkspaceRef,
    pub samples: Vec<MetricSample>,
}

type History = BTreeMap<WorkspaceRef, VecDeque<MetricSample>>;

/// The history, and how many look.
pub(crate) struct Metrics {
    history: Mutex<History>,
    news: broadcast::Sender<Arc<Vec<WorkspaceMetrics>>>,
    lookers: watch::Sender<usize>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            history: Mutex::default(),
            news: broadcast::Sender::new(BEHIND),
            lookers: watch::Sender::new(0),
        }
    }
}

impl Metrics {
    fn record(&self, batch: Vec<(WorkspaceRef, MetricSample)>) {
        let mut news = Vec::new();
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        for (workspace, sample) in batch {
            let samples = history.entry(workspace.clone()).or_default();
            let oldest = sample.at - HISTORY_MS;
            while samples.len() >= MOST || samples.front().is_some_and(|old| old.at < oldest) {
                samples.pop_front();
            }
            thin(samples, sample.at - WHOLE_MS);
            samples.push_back(sample.clone());
            news.push(WorkspaceMetrics { workspace, samples: vec![sample] });
        }
        if let Some(newest) = news.iter().flat_map(|one| &one.samples).map(|sample| sample.at).max()
        {
            // Workspaces that stopped long ago are forgotten.
            history.retain(|_, samples| {
                samples.back().is_some_and(|last| last.at >= newest - HISTORY_MS)
            });
        }
        // Sent under the lock, so that nobody who subscribes gets a sample twice or never.
        drop(self.news.send(Arc::new(news)));
    }
}

/// Drops the newest sample before `whole_from` when it is too close to the one before it. Called with every
/// sample, so that one at a time grows old.
fn thin(samples: &mut VecDeque<MetricSample>, whole_from: i64) {
    let old = samples.partition_point(|sample| sample.at < whole_from);
    let Some((before, last)) = old.checked_sub(2).zip(old.checked_sub(1)) else { return };
    let is_close = match (samples.get(before), samples.get(last)) {
        (Some(before), Some(last)) => last.at - before.at < THIN_MS,
        _ => false,
    };
    if is_close {
        samples.remove(last);
    }
}

/// One look at the measurements of all running workspaces.
pub struct MetricsFollow {
    shared: Arc<Shared>,
    history: Option<Vec<WorkspaceMetrics>>,
    news: broadcast::Receiver<Arc<Vec<WorkspaceMetrics>>>,
}

impl MetricsFollow {
    /// First the history, then news; none when the core ended.
    pub async fn next(&mut self) -> Option<Vec<WorkspaceMetrics>> {
        if let Some(history) = self.history.take() {
            return Some(history);
        }
        loop {
            match self.news.recv().await {
                Ok(batch) => return Some(batch.as_ref().clone()),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

impl Drop for MetricsFollow {
    fn drop(&mut self) {
        self.shared.metrics.lookers.send_modify(|count| *count = count.saturating_sub(1));
    }
}

impl Core {
    /// Follows the measurements of all running workspaces; collects them for as long as it is held.
    #[must_use]
    pub fn metrics_follow(&self) -> MetricsFollow {
        let metrics = &self.shared.metrics;
        metrics.lookers.send_modify(|count| *count += 1);
        let history = metrics.history.lock().unwrap_or_else(PoisonError::into_inner);
        let past = history
            .iter()
            .map(|(workspace, samples)| WorkspaceMetrics {
                workspace: workspace.clone(),
                samples: samples.iter().cloned().collect(),
            })
            .collect();
        let news = metrics.news.subscribe();
        MetricsFollow { shared: Arc::clone(&self.shared), history: Some(past), news }
    }
}

/// Collects for one live session while anybody looks. Never ends by itself.
pub(crate) async fn collect(shared: &Arc<Shared>, live: &Live) {
    let Some(metrics) = live.session.metrics() else { return std::future::pending().await };
    let mut lookers = shared.metrics.lookers.subscribe();
    loop {
        if lookers.wait_for(|count| *count > 0).await.is_err() {
            return std::future::pending().await;
        }
        tokio::select! {
            _ = lookers.wait_for(|count| *count == 0) => continue,
            () = gather(shared, live, metrics) => {}
        }
        tokio::time::sleep(ASK_AGAIN).await;
    }
}

async fn gather(shared: &Arc<Shared>, live: &Live, metrics: &dyn backend_api::Metrics) {
    let mut samples = match metrics.metrics(&live.cx()).await {
        Ok(samples) => samples,
        Err(failure) => return tracing::debug!(%failure, "no measurements"),
    };
    while let Some(Ok(batch)) = samples.next().await {
        let batch = batch.into_iter().map(|(workspace_id, sample)| {
            let connection_id = live.connection_id.clone();
            (WorkspaceRef { connection_id, workspace_id }, sample)
        });
        shared.metrics.record(batch.collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_kept_the_last_quarter_whole() {
        let metrics = Metrics::default();
        let workspace = WorkspaceRef {
            connection_id: model::ConnectionId::from_raw("c"),
            workspace_id: model::WorkspaceId::from_raw("w"),
        };
        for at in (0..2 * HISTORY_MS).step_by(2000) {
            let sample = MetricSample {
                at,
                cpu_percent: 0.0,
                memory_bytes: 0,
                memory_limit_bytes: None,
                network_in_bytes: 0,
                network_out_bytes: 0,
                disk_read_bytes: 0,
                disk_written_bytes: 0,
            };
            metrics.record(vec![(workspace.clone(), sample)]);
        }
        let history = metrics.history.lock().unwrap();
        let samples = &history[&workspace];
        let (first, last) = (samples[0].at, samples[samples.len() - 1].at);
        assert!(last - first > HISTORY_MS - THIN_MS, "{}", last - first);
        let recent = samples.iter().filter(|sample| sample.at > last - WHOLE_MS).count();
        assert_eq!(recent, 450);
        assert!(samples.len() < 450 + 200, "{}", samples.len());
        let widest = samples.iter().zip(samples.iter().skip(1)).map(|(a, b)| b.at - a.at).max();
        assert!(widest.is_some_and(|gap| gap <= THIN_MS + 2000), "{widest:?}");
    }
}
