//! Labs on servers that run netlab's own API: what `netlab api` says and does not say, and what follows.
//!
//! Owns: its dialects, jobs and their queue, the work folders of labs and what is synced into them, the numbers
//! that tell labs apart, looking afterwards whether a job did what it says. Deliberately not here: SSH, TLS,
//! runs, templates, when to ask again. It only ever sees a `Dial`, programs and files of the SSH host.

mod api;
mod connect;
mod console;
mod descriptor;
mod doctor;
mod files;
mod folder;
mod inside;
mod labs;
mod node_log;
mod node_run;
mod notes;
mod redact;
mod session;
mod status;
mod turn;
mod yaml;

use async_trait::async_trait;
use backend_api::{Backend, BackendError, ConnectInput, Cx, Diagnose, Session};
use model::{Descriptor, FieldProblem, FormValues};

/// The backend for netlab's own API.
#[derive(Debug, Clone, Copy)]
pub struct Netlab;

#[async_trait]
impl Backend for Netlab {
    fn descriptor(&self) -> Descriptor {
        descriptor::descriptor()
    }

    fn validate(&self, fields: &FormValues) -> Vec<FieldProblem> {
        descriptor::parse(fields).err().unwrap_or_default()
    }

    async fn connect(&self, input: ConnectInput, cx: Cx) -> Result<Box<dyn Session>, BackendError> {
        let settings =
            descriptor::parse(&input.fields).map_err(|problems| descriptor::refused(&problems))?;
        let session = connect::connect(input, settings, &cx).await?;
        Ok(Box::new(session))
    }

    fn diagnose(&self) -> Option<&dyn Diagnose> {
        Some(self)
    }
}
