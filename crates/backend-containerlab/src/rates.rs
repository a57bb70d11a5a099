//! How much goes through interfaces: from the server's events, which count bytes.

use std::collections::BTreeMap;

use backend_api::{BackendError, Cx};
use futures::StreamExt;
use futures::stream::{self, BoxStream as BoxItems};
use https::Call;
use model::{InterfaceRate, LabId};
use serde_json::Value;

use crate::lines::Lines;
use crate::session::ClabSession;

/// How often the server counts.
const EVERY: &str = "2s";

impl ClabSession {
    /// Rates of a lab's interfaces, for as long as the stream is held.
    pub(crate) async fn rates_of(
        &self,
        lab: &LabId,
        cx: &Cx,
    ) -> Result<BoxItems<'static, Result<Vec<InterfaceRate>, BackendError>>, BackendError> {
        let attempt = self.api.attempt("watch", "rates");
        let call =
            Call::get(format!("api/v1/events?interfaceStats=true&interfaceStatsInterval={EVERY}"));
        let streaming = match self.api.stream(call.bulk(), cx).await? {
            Ok(streaming) => streaming,
            Err(reply) => return Err(attempt.refused(&reply)),
        };
        let counted = Counted { lab: lab.to_string(), ..Counted::default() };
        let closing = self.closing.clone();
        let body = streaming.body.take_until(closing.cancelled_owned()).boxed();
        let rates = stream::unfold((body, counted), |(mut body, mut counted)| async move {
            loop {
                match body.next().await? {
                    Ok(bytes) => {
                        let rates = counted.push(&bytes);
                        if !rates.is_empty() {
                            return Some((Ok(rates), (body, counted)));
                        }
                    }
                    Err(error) => return Some((Err(error), (body, counted))),
                }
            }
        });
        Ok(rates.boxed())
    }
}

/// Counters of interfaces, which become rates when they are told again.
#[derive(Default)]
struct Counted {
    lab: String,
    lines: Lines,
    /// Bytes in and out, and when, in seconds, by node and interface.
    last: BTreeMap<(String, String), (f64, f64, f64)>,
}

impl Counted {
    fn push(&mut self, bytes: &[u8]) -> Vec<InterfaceRate> {
        let lines = self.lines.push(bytes);
        lines.iter().filter_map(|line| self.rate(line)).collect()
    }

    fn rate(&mut self, line: &str) -> Option<InterfaceRate> {
        let event: Value = serde_json::from_str(line).ok()?;
        let attributes = event.get("attributes")?;
        let text = |key: &str| attributes.get(key).and_then(Value::as_str).map(str::to_owned);
        let is_ours = event.get("type")?.as_str()? == "interface-stats" && text("lab")? == self.lab;
        if !is_ours {
            return None;
        }
        let prefix = format!("clab-{}-", self.lab);
        let container = text("name").unwrap_or_default();
        let node = text("clab-node-name")
            .unwrap_or_else(|| container.strip_prefix(&prefix).unwrap_or(&container).to_owned());
        let interface = text("interface").or_else(|| text("ifname"))?;
        let bits = |key: &str| number(attributes.get(key)?).map(|bits| bits / 8.0);
        let told = bits("rx_bps").zip(bits("tx_bps"));
        let counters = number(attributes.get("rx_bytes")?).zip(number(attributes.get("tx_bytes")?));
        let at = event.get("time").and_then(seconds)?;
        let key = (node.clone(), interface.clone());
        let (down_bytes, up_bytes) = match (told, counters) {
            (Some(told), _) => told,
            (None, Some((rx, tx))) => {
                let (old_rx, old_tx, before) = self.last.insert(key, (rx, tx, at))?;
                let passed = at - before;
                if passed <= 0.0 || rx < old_rx || tx < old_tx {
                    return None;
                }
                ((rx - old_rx) / passed, (tx - old_tx) / passed)
            }
            (None, None) => return None,
        };
        Some(InterfaceRate { node, interface, down_bytes, up_bytes })
    }
}

/// A number, or the text of one.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|number| number.is_finite())
}

/// A time in seconds, or as text.
fn seconds(value: &Value) -> Option<f64> {
    let text = |value: &Value| {
        let format = &time::format_description::well_known::Rfc3339;
        let read = time::OffsetDateTime::parse(value.as_str()?, format).ok()?;
        Some(read.unix_timestamp() as f64 + f64::from(read.nanosecond()) / 1e9)
    };
    number(value).or_else(|| text(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Counted;

    #[test]
    fn counters_become_rates_when_told_again() {
        let line = |time: u32, rx: u32| {
            format!(
                "{{\"time\":{time},\"type\":\"interface-stats\",\"attributes\":{{\"name\":\"clab-pair-r1\",\"lab\":\"pair\",\"interface\":\"eth1\",\"rx_bytes\":{rx},\"tx_bytes\":\"10\"}}}}\n"
            )
        };
        let mut counted = Counted { lab: "pair".into(), ..Counted::default() };
        assert!(counted.push(line(10, 1000).as_bytes()).is_empty());
        let rates = counted.push(line(12, 3000).as_bytes());
        assert_eq!((rates[0].node.as_str(), rates[0].interface.as_str()), ("r1", "eth1"));
        assert_eq!((rates[0].down_bytes, rates[0].up_bytes), (1000.0, 0.0));
        // A counter that began anew is no rate.
        assert!(counted.push(line(14, 10).as_bytes()).is_empty());
    }

    proptest! {
        #[test]
        fn any_event_is_read_or_left(text in "\\PC{0,200}", cut in 1usize..30) {
            let mut counted = Counted { lab: "pair".into(), ..Counted::default() };
            for chunk in text.as_bytes().chunks(cut) {
                let _ = counted.push(chunk);
            }
        }
    }
}
