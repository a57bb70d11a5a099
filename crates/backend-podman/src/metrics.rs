//! Live measurements of every running container, from one stream.

use std::collections::BTreeMap;

use async_trait::async_trait;
use backend_api::{BackendError, Clock, Cx, Metrics};
use futures::stream::{self, BoxStream, StreamExt};
use model::{MetricSample, TimestampMs, WorkspaceId};

use crate::http::Call;
use crate::session::PodmanSession;
use crate::watch::json_lines;
use crate::wire::{Stats, StatsReport};

const INTERVAL_SECONDS: u32 = 2;
/// A report holds every container; a thousand of them are about 400 KiB.
const MAX_REPORT: usize = 16 * 1024 * 1024;

type Samples = Vec<(WorkspaceId, MetricSample)>;

#[async_trait]
impl Metrics for PodmanSession {
    async fn metrics(
        &self,
        cx: &Cx,
    ) -> Result<BoxStream<'static, Result<Samples, BackendError>>, BackendError> {
        let path = format!("containers/stats?stream=true&interval={INTERVAL_SECONDS}");
        let streaming = match self.client.stream(Call::get(path), cx).await? {
            Ok(streaming) => streaming,
            Err(reply) => return Err(self.attempt("measure", "containers").refused(&reply)),
        };
        let server = self.server_name().to_owned();
        let clock = cx.clock.clone();
        let mut rates = Rates::default();
        let lines = json_lines(streaming, self.client.clone(), MAX_REPORT);
        let samples = lines.map(move |line| Ok(rates.samples(&line?.bytes, clock.as_ref())));
        let end = stream::once(async move {
            Err(BackendError::unreachable(format!("the measurements of \"{server}\" ended"))
                .with_hint("They are asked for again by themselves."))
        });
        Ok(samples.chain(end).boxed())
    }
}

/// Counters as last seen, to make rates of them.
#[derive(Default)]
struct Rates {
    last: BTreeMap<String, (u64, u64)>,
}

impl Rates {
    /// A container's first report only sets its counters: libpod's own first percentage means nothing.
    fn samples(&mut self, line: &[u8], clock: &dyn Clock) -> Samples {
        let Ok(report) = serde_json::from_slice::<StatsReport>(line) else {
            tracing::debug!(bytes = line.len(), "libpod sent measurements that cannot be read");
            return Vec::new();
        };
        if !report.error.is_null() {
            tracing::debug!(error = %report.error, "libpod could not measure");
        }
        let now = clock.now();
        let mut seen = BTreeMap::new();
        let mut samples = Vec::new();
        for stats in report.stats.iter().filter(|stats| stats.pids > 0 && stats.system_nano > 0) {
            let counters = (stats.cpu_nano, stats.system_nano);
            if let Some(last) = self.last.get(&stats.container_id) {
                let id = WorkspaceId::from_raw(stats.container_id.clone());
                samples.push((id, sample(stats, cpu_percent(*last, counters), now)));
            }
            seen.insert(stats.container_id.clone(), counters);
        }
        self.last = seen;
        samples
    }
}

#[allow(clippy::cast_precision_loss)]
fn cpu_percent(before: (u64, u64), after: (u64, u64)) -> f64 {
    let used = after.0.saturating_sub(before.0);
    let passed = after.1.saturating_sub(before.1);
    if passed == 0 { 0.0 } else { used as f64 / passed as f64 * 100.0 }
}

fn sample(stats: &Stats, cpu_percent: f64, at: TimestampMs) -> MetricSample {
    let by_interface = |pick: fn(&crate::wire::NetworkStats) -> u64| -> u64 {
        stats.network.values().map(pick).fold(0, u64::saturating_add)
    };
    MetricSample {
        at,
        cpu_percent,
        memory_bytes: stats.mem_usage,
        memory_limit_bytes: Some(stats.mem_limit).filter(|limit| *limit > 0),
        network_in_bytes: stats.net_input.max(by_interface(|one| one.rx_bytes)),
        network_out_bytes: stats.net_output.max(by_interface(|one| one.tx_bytes)),
        disk_read_bytes: stats.block_input,
        disk_written_bytes: stats.block_output,
    }
}

#[cfg(test)]
mod tests {
    use backend_api::SystemClock;
    use proptest::prelude::*;

    use super::Rates;

    fn report(cpu: u64, system: u64) -> Vec<u8> {
        serde_json::json!({"Error": null, "Stats": [
            {"ContainerID": "a222", "CPUNano": cpu, "SystemNano": system, "MemUsage": 413_696,
             "MemLimit": 67_108_864, "NetInput": 516, "NetOutput": 1792,
             "BlockInput": 4096, "BlockOutput": 8192, "PIDs": 2},
            {"ContainerID": "b1", "CPUNano": 0, "SystemNano": 0, "PIDs": 0},
        ]})
        .to_string()
        .into_bytes()
    }

    #[test]
    fn two_reports_make_a_rate_and_stopped_containers_are_left_out() {
        let mut rates = Rates::default();
        assert!(rates.samples(&report(100, 1_000), &SystemClock).is_empty());
        let samples = rates.samples(&report(600, 2_000), &SystemClock);
        assert_eq!(samples.len(), 1);
        assert!((samples[0].1.cpu_percent - 50.0).abs() < 1e-9);
        assert_eq!(samples[0].1.memory_limit_bytes, Some(67_108_864));
        assert_eq!((samples[0].1.disk_read_bytes, samples[0].1.disk_written_bytes), (4096, 8192));
    }

    proptest! {
        #[test]
        fn counters_that_jump_never_panic(a in any::<u64>(), b in any::<u64>(), c in any::<u64>(), d in any::<u64>()) {
            let mut rates = Rates::default();
            rates.samples(&report(a, b), &SystemClock);
            for (_, sample) in rates.samples(&report(c, d), &SystemClock) {
                prop_assert!(sample.cpu_percent.is_finite() && sample.cpu_percent >= 0.0);
            }
        }
    }
}
