//! What is made worse on purpose: delay, loss, rate, corruption.

use std::collections::BTreeMap;

use backend_api::{BackendError, Cx};
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use https::Call;
use model::{Impairment, LabId};
use serde::Serialize;

use crate::api::escape;
use crate::session::ClabSession;
use crate::wire::{Container, Netem};

const AT_ONCE: usize = 4;

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

impl ClabSession {
    /// What is worse than it should be, of all interfaces of a lab.
    pub(crate) async fn all_worse(
        &self,
        lab: &LabId,
        cx: &Cx,
    ) -> Result<Vec<Impairment>, BackendError> {
        let own = self.containers(lab.as_str(), cx).await?;
        let mut asked = Vec::new();
        for one in own.iter().filter(|one| one.is_running()) {
            asked.push(self.worse(lab, one, cx).boxed());
        }
        let all: Vec<Vec<Impairment>> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
        Ok(all.into_iter().flatten().collect())
    }

    /// Makes an interface worse, or good again.
    pub(crate) async fn make_worse(
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Impairment, milliseconds, worse};

    #[test]
    fn durations_of_the_server_are_read() {
        assert_eq!(milliseconds("50ms"), Some(50.0));
        assert_eq!(milliseconds("1.5s"), Some(1500.0));
        assert_eq!(milliseconds("250µs"), Some(0.25));
        assert_eq!(milliseconds("N/A"), None);
        assert_eq!(milliseconds(""), None);
    }

    proptest! {
        #[test]
        fn any_duration_is_read_or_left(text in "\\PC{0,20}|[0-9.e-]{1,6}(ms|us|ns|s)") {
            let read = milliseconds(&text);
            prop_assert!(read.is_none_or(|time| time > 0.0));
        }

        #[test]
        fn only_what_makes_sense_is_sent(delay in proptest::option::of(-10.0f64..1e7), loss in proptest::option::of(-10.0f64..200.0)) {
            let asked = Impairment { node: "r1".into(), interface: "eth1".into(), delay_ms: delay, jitter_ms: None, loss_percent: loss, rate_kbit: None, corruption_percent: None };
            let makes_sense = delay.is_none_or(|delay| (0.0..=600_000.0).contains(&delay)) && loss.is_none_or(|loss| (0.0..=100.0).contains(&loss));
            prop_assert_eq!(worse(&asked).is_ok(), makes_sense);
        }
    }
}
