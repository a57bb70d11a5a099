//! What is tested: a stored connection, or the form's input planned as if it were stored.

use std::collections::BTreeMap;

use backend_api::Backend;
use model::{
    Connection, DiagnosedHop, Diagnosis, Failure, SshHost, Stage, StageStatus, TimestampMs,
};

use super::DoctorSubject;
use crate::{Core, connections, sessions, sessions::Given, shared::no_connection};

/// The one check of a kind that brings none of its own.
pub(super) const SERVICE: &str = "service";
/// The stages of one machine on the way.
const MACHINE: [(&str, &str); 4] =
    [("name", "Name"), ("port", "Port"), ("host_key", "Host key"), ("login", "Login")];

/// A connection as it is tested.
pub(super) struct Target {
    pub(super) connection: Connection,
    pub(super) is_stored: bool,
    /// The hops in their order; the last is the server.
    pub(super) hosts: Vec<SshHost>,
    pub(super) given: Given,
}

impl Core {
    pub(super) async fn doctor_target(&self, subject: DoctorSubject) -> Result<Target, Failure> {
        let stored = match &subject.connection_id {
            Some(id) => Some(self.shared.connection(id).await?),
            None => None,
        };
        let Some(input) = subject.input else {
            let connection = stored.ok_or_else(no_connection)?;
            let hosts = match &connection.ssh_host_id {
                Some(id) => sessions::chain(&self.shared, id).await?,
                None => Vec::new(),
            };
            return Ok(Target { connection, is_stored: true, hosts, given: BTreeMap::new() });
        };
        let hosts = self.check(&input, subject.connection_id.as_ref()).await?;
        let planned = connections::plan(input, stored.as_ref(), &hosts, self.shared.now());
        Ok(Target {
            connection: planned.connection,
            is_stored: stored.is_some(),
            hosts: planned.hosts,
            given: planned.kept.into_iter().collect(),
        })
    }
}

impl Target {
    /// The test before anything was tested.
    pub(super) fn diagnosis(&self, backend: &dyn Backend, now: TimestampMs) -> Diagnosis {
        let last = self.hosts.len().saturating_sub(1);
        let mut stages = Vec::new();
        for hop in 0..self.hosts.len() {
            stages.extend(MACHINE.map(|(id, title)| waiting(id, title, u32::try_from(hop).ok())));
        }
        match backend.diagnose() {
            Some(own) => {
                stages
                    .extend(own.checks().iter().map(|check| waiting(check.id, check.title, None)));
            }
            None => stages.push(waiting(SERVICE, "Service", None)),
        }
        if !self.hosts.is_empty() {
            stages.push(waiting(super::clock::CLOCK, "Clock", None));
        }
        let hop = |(index, host): (usize, &SshHost)| DiagnosedHop {
            name: if index == last { self.connection.name.clone() } else { first_name(host) },
            addresses: host.addresses.clone(),
            user: host.user.clone(),
        };
        Diagnosis {
            connection_id: self.is_stored.then(|| self.connection.id.clone()),
            name: self.connection.name.clone(),
            kind_title: backend.descriptor().title,
            hops: self.hosts.iter().enumerate().map(hop).collect(),
            stages,
            started_at: now,
            ended_at: None,
        }
    }
}

fn first_name(host: &SshHost) -> String {
    host.addresses.first().map_or_else(String::new, |address| address.host.clone())
}

fn waiting(id: &str, title: &str, hop: Option<u32>) -> Stage {
    Stage {
        id: id.into(),
        hop,
        title: title.into(),
        status: StageStatus::Waiting,
        summary: None,
        failure: None,
        fixes: Vec::new(),
        duration_ms: None,
    }
}
