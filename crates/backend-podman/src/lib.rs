//! Dev containers on Podman servers: a thin libpod client and the abilities on top of it.
//!
//! Owns: libpod's paths, its wire types, its error texts, l8s-compatible names, labels and ports.
//! Deliberately not here: SSH, reconnecting, runs, listeners. It only ever sees a `Dial`, so a Podman on
//! this computer cannot be reached by it.

mod adopt;
mod apply;
mod call;
mod connect;
mod convert;
mod descriptor;
mod doctor;
mod early;
mod endpoints;
mod error;
mod exec_run;
mod files;
mod frames;
mod guest;
mod http;
mod images;
mod kept;
mod known;
mod lifecycle;
mod lines;
mod login;
mod logs;
mod metrics;
mod rebuild;
mod session;
mod setup;
mod ssh_access;
mod terminal;
mod transport;
mod volumes;
mod watch;
mod wire;

use async_trait::async_trait;
use backend_api::{Backend, BackendError, ConnectInput, Cx, Diagnose, Session, SetUp};
use model::{Descriptor, FieldProblem, FormValues};

/// The Podman backend.
#[derive(Debug, Clone, Copy)]
pub struct Podman;

#[async_trait]
impl Backend for Podman {
    fn descriptor(&self) -> Descriptor {
        descriptor::descriptor()
    }

    fn validate(&self, fields: &FormValues) -> Vec<FieldProblem> {
        descriptor::parse(fields).err().unwrap_or_default()
    }

    async fn connect(&self, input: ConnectInput, cx: Cx) -> Result<Box<dyn Session>, BackendError> {
        let settings =
            descriptor::parse(&input.fields).map_err(|problems| descriptor::refused(&problems))?;
        let session = connect::connect(input.name, settings, &cx).await?;
        Ok(Box::new(session))
    }

    fn diagnose(&self) -> Option<&dyn Diagnose> {
        Some(self)
    }

    fn set_up(&self) -> Option<&dyn SetUp> {
        Some(self)
    }
}
