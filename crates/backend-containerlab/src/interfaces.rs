//! Interfaces: which there are, how much goes through, what is made worse, and captures.

use std::collections::BTreeMap;

use async_trait::async_trait;
use backend_api::{BackendError, Cx, LabInterfaces};
use futures::stream::{self, BoxStream as BoxItems};
use futures::{FutureExt, StreamExt, TryStreamExt};
use http::StatusCode;
use https::Call;
use model::{Capture, Impairment, InterfaceRate, LabId, NodeInterface};
use serde::Serialize;
use serde_json::{Value, json};

use crate::api::escape;
use crate::lines::Lines;
use crate::session::ClabSession;
use crate::wire::{Captures, Container, Netem, NodeInterfaces};

const AT_ONCE: usize = 4;
/// How often the server counts.
const EVERY: &str = "2s";

/// What is made worse, in the words of the server.
#[derive(Default, Serialize)]
struct Worse<'a> {
    #[serde(rename = "containerName", skip_serializing_if = "Option::is_none")]
    container: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interface: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jitter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    loss: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    corruption: Option<f64>,
}

#[async_trait]
impl LabInterfaces for ClabSession {
    async fn list(&self, lab: &LabId, cx: &Cx) -> Result<Vec<NodeInterface>, BackendError> {
        let own = self.containers(lab.as_str(), cx).await?;
        let subject = format!("lab \"{lab}\"");
        let attempt = self.api.attempt("list the interfaces of", &subject);
        let call = Call::get(format!("api/v1/labs/{}/interfaces", escape(lab.as_str())));
        let all: Vec<NodeInterfaces> = self.api.json(call, attempt, cx).await?;
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let all = all.into_iter().flat_map(|one| {
            let node = node_of(&own, &one.name);
            one.interfaces.into_iter().map(move |interface| NodeInterface {
                node: node.clone(),
                name: interface.name,
                alias: said(interface.alias),
                mac: said(interface.mac),
                mtu: Some(interface.mtu).filter(|mtu| *mtu > 0),
                state: said(interface.state),
            })
        });
        Ok(all.collect())
    }

    async fn rates(
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

    async fn impairments(&self, lab: &LabId, cx: &Cx) -> Result<Vec<Impairment>, BackendError> {
        let own = self.containers(lab.as_str(), cx).await?;
        let mut asked = Vec::new();
        for one in own.iter().filter(|one| one.is_running()) {
            asked.push(self.worse(lab, one, cx).boxed());
        }
        let all: Vec<Vec<Impairment>> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
        Ok(all.into_iter().flatten().collect())
    }

    async fn impair(
        &self,
        lab: &LabId,
        impairment: &Impairment,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let one = self.container_of(lab, &impairment.node, cx).await?;
        let worse = worse(impairment)?;
        let is_good_again = worse.is_none();
        let subject = format!("{} of node \"{}\"", impairment.interface, impairment.node);
        let verb = if is_good_again { "make good again" } else { "impair" };
        let call = if self.found.is_modern() {
            let named = Worse {
                container: Some(&one.name),
                interface: Some(&impairment.interface),
                ..worse.unwrap_or_default()
            };
            let path = if is_good_again { "reset" } else { "set" };
            Call::post(format!("api/v1/tools/netem/{path}")).json(&named)?
        } else {
            let path = format!(
                "api/v1/labs/{}/nodes/{}/interfaces/{}/netem",
                escape(lab.as_str()),
                escape(&one.name),
                escape(&impairment.interface)
            );
            match worse {
                Some(worse) => Call::put(path).json(&worse)?,
                None => Call::delete(path),
            }
        };
        let reply = self.api.send(call, cx).await?;
        self.api.attempt(verb, &subject).check(reply).map(|_| ())
    }

    async fn capture(
        &self,
        lab: &LabId,
        node: &str,
        interface: &str,
        cx: &Cx,
    ) -> Result<Capture, BackendError> {
        let one = self.container_of(lab, node, cx).await?;
        let subject = format!("{interface} of node \"{node}\"");
        let attempt = self.api.attempt("capture", &subject);
        let body = json!({
            "targets": [{ "containerName": one.name, "interfaceName": interface }],
            "remoteHostname": self.api.client.url().host(),
        });
        let path = format!("api/v1/labs/{}/capture/packetflix", escape(lab.as_str()));
        let reply = self.api.send(Call::post(path).json(&body)?, cx).await?;
        if reply.status == StatusCode::SERVICE_UNAVAILABLE {
            let words = crate::words::words_of(&reply);
            return Err(BackendError::unsupported(format!("cannot capture {subject}: {words}"))
                .with_hint("Edgeshark must run on the server: its administrator installs it with containerlab's API."));
        }
        let reply = attempt.check(reply)?;
        let captures: Captures = self.api.read(&reply, attempt)?;
        let link = captures.captures.into_iter().map(|one| one.uri);
        // Handed to the system to be opened: nothing else but a capture may come of it.
        let url =
            link.into_iter().find(|link| link.starts_with("packetflix:")).ok_or_else(|| {
                BackendError::protocol(format!(
                    "\"{}\" gives no link for a capture",
                    self.api.server
                ))
            })?;
        Ok(Capture { url, node: node.to_owned(), interface: interface.to_owned() })
    }
}

impl ClabSession {
    async fn worse(
        &self,
        lab: &LabId,
        one: &Container,
        cx: &Cx,
    ) -> Result<Vec<Impairment>, BackendError> {
        let subject = format!("node \"{}\"", one.node());
        let attempt = self.api.attempt("look at the impairments of", &subject);
        let path = if self.found.is_modern() {
            format!("api/v1/tools/netem/show?containerName={}", escape(&one.name))
        } else {
            format!("api/v1/labs/{}/nodes/{}/netem", escape(lab.as_str()), escape(&one.name))
        };
        let shown: BTreeMap<String, Option<Vec<Netem>>> =
            self.api.json(Call::get(path), attempt, cx).await?;
        let all = shown.into_values().flatten().flatten();
        let all = all.map(|netem| Impairment {
            node: one.node().to_owned(),
            interface: netem.interface,
            delay_ms: milliseconds(&netem.delay),
            jitter_ms: milliseconds(&netem.jitter),
            loss_percent: Some(netem.packet_loss).filter(|loss| *loss > 0.0),
            rate_kbit: Some(netem.rate).filter(|rate| *rate > 0),
            corruption_percent: Some(netem.corruption).filter(|loss| *loss > 0.0),
        });
        let is_worse = |one: &Impairment| !is_good(one);
        Ok(all.filter(is_worse).collect())
    }
}

fn is_good(one: &Impairment) -> bool {
    one.delay_ms.is_none()
        && one.jitter_ms.is_none()
        && one.loss_percent.is_none()
        && one.rate_kbit.is_none()
        && one.corruption_percent.is_none()
}

/// What is to be made worse; none: nothing. Values that make no sense are refused here.
fn worse(one: &Impairment) -> Result<Option<Worse<'static>>, BackendError> {
    let wrong = |field: &str, what: &str| Err(BackendError::invalid(what).with_field(field));
    let percents =
        [("loss_percent", one.loss_percent), ("corruption_percent", one.corruption_percent)];
    for (field, percent) in percents {
        if percent.is_some_and(|percent| !(0.0..=100.0).contains(&percent)) {
            return wrong(field, "a share is between 0 and 100 percent");
        }
    }
    for (field, time) in [("delay_ms", one.delay_ms), ("jitter_ms", one.jitter_ms)] {
        if time.is_some_and(|time| !(0.0..=600_000.0).contains(&time)) {
            return wrong(field, "a delay is between 0 and 600000 milliseconds");
        }
    }
    if one.jitter_ms.is_some() && one.delay_ms.is_none() {
        return wrong("jitter_ms", "jitter needs a delay that it varies");
    }
    let time = |time: Option<f64>| time.map(|time| format!("{}us", (time * 1000.0).round()));
    Ok((!is_good(one)).then(|| Worse {
        delay: time(one.delay_ms),
        jitter: time(one.jitter_ms),
        loss: one.loss_percent,
        rate: one.rate_kbit,
        corruption: one.corruption_percent,
        ..Worse::default()
    }))
}

/// A duration of Go's, such as "50ms" or "1.5s".
fn milliseconds(text: &str) -> Option<f64> {
    let units = [("ms", 1.0), ("µs", 0.001), ("us", 0.001), ("ns", 0.000_001), ("s", 1000.0)];
    let (number, factor) =
        units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?.trim(), factor)))?;
    number.parse::<f64>().ok().map(|number| number * factor).filter(|time| *time > 0.0)
}

fn node_of(own: &[Container], container: &str) -> String {
    let found = own.iter().find(|one| one.name == container);
    found.map_or(container, Container::node).to_owned()
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

    use super::{Counted, Impairment, milliseconds, worse};

    #[test]
    fn durations_of_the_server_are_read() {
        assert_eq!(milliseconds("50ms"), Some(50.0));
        assert_eq!(milliseconds("1.5s"), Some(1500.0));
        assert_eq!(milliseconds("250µs"), Some(0.25));
        assert_eq!(milliseconds("N/A"), None);
        assert_eq!(milliseconds(""), None);
    }

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

        #[test]
        fn only_what_makes_sense_is_sent(delay in proptest::option::of(-10.0f64..1e7), loss in proptest::option::of(-10.0f64..200.0)) {
            let asked = Impairment { node: "r1".into(), interface: "eth1".into(), delay_ms: delay, jitter_ms: None, loss_percent: loss, rate_kbit: None, corruption_percent: None };
            let makes_sense = delay.is_none_or(|delay| (0.0..=600_000.0).contains(&delay)) && loss.is_none_or(|loss| (0.0..=100.0).contains(&loss));
            prop_assert_eq!(worse(&asked).is_ok(), makes_sense);
        }
    }
}
