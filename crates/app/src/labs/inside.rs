//! Inside of one lab: its page, its nodes, their interfaces, what is made worse on purpose.

use std::{sync::Arc, time::Duration};

use futures::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use model::{
    Capture, Connection, ErrorCode, Failure, Impairment, InterfaceRate, LabDetail, LabExecuted,
    LabPage, LabRef, NodeInterface, NodeVerb, TimestampMs, WorkspaceId,
};

use super::no_lab;
use crate::{Core, sessions::Live, shared::Shared, shared::no_connection, state::State};

/// Rates of a lab's interfaces as they come; ends with an error when the link breaks.
pub type Rates = BoxStream<'static, Result<Vec<InterfaceRate>, Failure>>;

/// For one node, or a command on all of them: virtual machines take minutes. The backends have limits of
/// their own below it.
const CHANGE_LIMIT: Duration = Duration::from_secs(15 * 60);
/// What an item of the tray or a program may print.
const LONGEST_COMMAND: usize = 4096;

impl Core {
    /// Changes one node of a lab and waits until that is so.
    ///
    /// # Errors
    /// `Unreachable` without a session, `Unsupported` where nodes cannot be changed; what the server says.
    pub async fn lab_node_change(
        &self,
        lab: &LabRef,
        node: &str,
        verb: NodeVerb,
    ) -> Result<(), Failure> {
        let live = self.shared.live(&lab.connection_id).await?;
        let labs = live.session.labs().ok_or_else(|| live.cannot("run labs"))?;
        let nodes = labs.nodes().ok_or_else(|| live.cannot("change single nodes"))?;
        if !labs.features().node_verbs.contains(&verb) {
            return Err(live.cannot("do that with single nodes"));
        }
        let done =
            live.call_within(CHANGE_LIMIT, nodes.change(&lab.lab_id, node, verb, &live.cx())).await;
        live.refresh_labs.notify_one();
        done
    }

    /// Runs a command on nodes of a lab, on all without names.
    ///
    /// # Errors
    /// As `lab_node_change`; `Invalid` for no command.
    pub async fn lab_exec(
        &self,
        lab: &LabRef,
        nodes: &[String],
        command: &str,
    ) -> Result<Vec<LabExecuted>, Failure> {
        if command.trim().is_empty() || command.len() > LONGEST_COMMAND {
            return Err(Failure::new(ErrorCode::Invalid, "there is no command to run")
                .with_hint("Type a command of up to 4096 characters.")
                .with_field("command"));
        }
        let live = self.shared.live(&lab.connection_id).await?;
        let labs = live.session.labs().ok_or_else(|| live.cannot("run labs"))?;
        let able = labs.nodes().filter(|_| labs.features().exec);
        let able = able.ok_or_else(|| live.cannot("run commands on nodes"))?;
        live.call_within(CHANGE_LIMIT, able.run(&lab.lab_id, nodes, command, &live.cx())).await
    }

    /// All interfaces of a lab's nodes.
    ///
    /// # Errors
    /// `Unreachable` without a session, `Unsupported` where the server does not tell.
    pub async fn lab_interfaces(&self, lab: &LabRef) -> Result<Vec<NodeInterface>, Failure> {
        let live = self.shared.live(&lab.connection_id).await?;
        live.call(interfaces(&live)?.list(&lab.lab_id, &live.cx())).await
    }

    /// Rates of a lab's interfaces, for as long as the stream is held.
    ///
    /// # Errors
    /// As `lab_interfaces`.
    pub async fn lab_rates_follow(&self, lab: &LabRef) -> Result<Rates, Failure> {
        let live = self.shared.live(&lab.connection_id).await?;
        let rates = live.call(interfaces(&live)?.rates(&lab.lab_id, &live.cx())).await?;
        let ended = stream::once(async move {
            live.cancel.cancelled().await;
            Some(Err(live.lost()))
        });
        // Whichever ends first ends it: its own end, or the session's.
        let marked = rates.map(|batch| Some(batch.map_err(Failure::from)));
        let both = stream::select(marked.chain(stream::iter([None])), ended);
        let open = both.take_while(|item| futures::future::ready(item.is_some()));
        Ok(open.filter_map(futures::future::ready).boxed())
    }

    /// What is made worse on purpose in a lab.
    ///
    /// # Errors
    /// As `lab_interfaces`.
    pub async fn lab_impairments(&self, lab: &LabRef) -> Result<Vec<Impairment>, Failure> {
        let live = self.shared.live(&lab.connection_id).await?;
        live.call(interfaces(&live)?.impairments(&lab.lab_id, &live.cx())).await
    }

    /// Makes one interface worse, or with an empty impairment good again.
    ///
    /// # Errors
    /// As `lab_interfaces`; `Invalid` for values that no link can have.
    pub async fn lab_impair(&self, lab: &LabRef, impairment: Impairment) -> Result<(), Failure> {
        check(&impairment)?;
        let live = self.shared.live(&lab.connection_id).await?;
        live.call(interfaces(&live)?.impair(&lab.lab_id, &impairment, &live.cx())).await
    }

    /// Opens a capture of one interface in the program of this computer that shows it.
    ///
    /// # Errors
    /// As `lab_interfaces`; `Unsupported` in a plain browser.
    pub async fn lab_capture(
        &self,
        lab: &LabRef,
        node: &str,
        interface: &str,
    ) -> Result<Capture, Failure> {
        let live = self.shared.live(&lab.connection_id).await?;
        let able = interfaces(&live)?;
        let capture = live.call(able.capture(&lab.lab_id, node, interface, &live.cx())).await?;
        if !capture.url.starts_with("packetflix:") {
            return Err(Failure::new(
                ErrorCode::Protocol,
                format!("{} answered with a link that shows no capture", live.name),
            )
            .with_hint("Update the server, or capture with tcpdump on its SSH host."));
        }
        self.shared.host.open_url(&capture.url).await?;
        Ok(capture)
    }
}

fn interfaces(live: &Live) -> Result<&dyn backend_api::LabInterfaces, Failure> {
    let labs = live.session.labs().ok_or_else(|| live.cannot("run labs"))?;
    labs.interfaces().ok_or_else(|| live.cannot("show interfaces"))
}

fn check(impairment: &Impairment) -> Result<(), Failure> {
    let percents = [
        ("loss_percent", impairment.loss_percent),
        ("corruption_percent", impairment.corruption_percent),
    ];
    let times = [("delay_ms", impairment.delay_ms), ("jitter_ms", impairment.jitter_ms)];
    let is_bad = |value: f64, most: f64| !(0.0..=most).contains(&value);
    let percents =
        percents.into_iter().filter(|(_, value)| value.is_some_and(|v| is_bad(v, 100.0)));
    let times = times.into_iter().filter(|(_, value)| value.is_some_and(|v| is_bad(v, 60_000.0)));
    let Some((field, _)) = percents.chain(times).next() else { return Ok(()) };
    Err(Failure::new(ErrorCode::Invalid, "no link can be made worse like this")
        .with_hint("Percents go from 0 to 100, times from 0 to 60000 milliseconds.")
        .with_field(field))
}

/// One lab with everything its pages show.
pub(super) async fn inspect(shared: &Arc<Shared>, lab: &LabRef) -> Result<LabPage, Failure> {
    let detail = match shared.live(&lab.connection_id).await {
        Ok(live) => asked(shared, &live, lab).await?,
        Err(failure) if failure.code == ErrorCode::NotFound => return Err(failure),
        Err(_) => None,
    };
    let (wanted, consoles) = (lab.clone(), detail.as_ref().map(consoles));
    let job = move |state: &mut State| {
        let entry = state.connections.get(&wanted.connection_id).ok_or_else(no_connection)?;
        let connection: Connection = entry.connection.clone();
        let row = state.labs.row(&wanted).ok_or_else(|| no_lab(&wanted, &connection.name));
        if let Some(consoles) = consoles {
            state.labs.set_consoles(&wanted, consoles);
        }
        let row = match (&detail, row) {
            (_, Ok(row)) => row,
            // It stands there, and the list is of a moment before.
            (Some(detail), Err(_)) => detail.lab.clone(),
            (None, Err(failure)) => return Err(failure),
        };
        let seen_at = state.labs.seen_at(&connection.id);
        let detail = detail.unwrap_or_else(|| known(row.clone(), seen_at));
        let row = if state.labs.is_fresh(&connection.id) { detail.lab.clone() } else { row };
        let positions = state.labs.kept(&wanted).map(|kept| kept.positions.clone());
        Ok(LabPage {
            view: state.labs.view(&connection, row),
            detail,
            positions: positions.unwrap_or_default(),
        })
    };
    shared.owner.with(job).await?
}

/// What the server says; none when it has no trace of a lab that we made.
async fn asked(
    shared: &Arc<Shared>,
    live: &Arc<Live>,
    lab: &LabRef,
) -> Result<Option<LabDetail>, Failure> {
    let labs = live.session.labs().ok_or_else(|| live.cannot("run labs"))?;
    match live.call(labs.lab(&lab.lab_id, &live.cx())).await {
        Ok(detail) => Ok(Some(detail)),
        Err(failure) if failure.code == ErrorCode::NotFound => {
            let wanted = lab.clone();
            let kept = shared.owner.with(move |state| state.labs.kept(&wanted).cloned()).await?;
            if kept.is_some_and(|kept| kept.origin.is_some()) { Ok(None) } else { Err(failure) }
        }
        Err(failure) if failure.code == ErrorCode::Unreachable => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// All that is known where the server tells nothing.
fn known(lab: model::Lab, as_of: Option<TimestampMs>) -> LabDetail {
    LabDetail { lab, nodes: Vec::new(), graph: None, source: None, as_of }
}

fn consoles(detail: &LabDetail) -> Vec<(String, WorkspaceId)> {
    let console = |node: &model::LabNode| Some((node.name.clone(), node.console.clone()?));
    detail.nodes.iter().filter_map(console).collect()
}
