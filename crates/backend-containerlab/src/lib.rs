//! Labs on servers that run containerlab's API server, the one since 2026 and the one before.
//!
//! Owns: the server's paths, its wire types, its words, its files of a lab, what its streams mean.
//! Deliberately not here: TLS and HTTP (`https`), topologies as such (`topology`), runs, what is remembered
//! of a lab on this computer.

mod api;
mod archive;
mod before;
mod carry;
mod collect;
mod connect;
mod descriptor;
mod doctor;
mod dry_run;
mod events;
mod features;
mod files;
mod impair;
mod interfaces;
mod job;
mod labs;
mod lines;
mod logs;
mod material;
mod nodes;
mod plan;
mod rates;
mod redact;
mod session;
mod state;
mod steps;
mod sync;
mod terminal;
mod there;
mod verify;
mod wire;
mod words;

use async_trait::async_trait;
use backend_api::{Backend, BackendError, ConnectInput, Cx, Diagnose, Session};
use model::{Descriptor, FieldProblem, FormValues};

/// The Containerlab backend.
#[derive(Debug, Clone, Copy)]
pub struct Containerlab;

#[async_trait]
impl Backend for Containerlab {
    fn descriptor(&self) -> Descriptor {
        descriptor::descriptor()
    }

    fn validate(&self, fields: &FormValues) -> Vec<FieldProblem> {
        descriptor::parse(fields).err().unwrap_or_default()
    }

    async fn connect(&self, input: ConnectInput, cx: Cx) -> Result<Box<dyn Session>, BackendError> {
        let settings =
            descriptor::parse(&input.fields).map_err(|problems| descriptor::refused(&problems))?;
        let password = connect::password(&input)?;
        let session = connect::connect(input.name, settings, password, &cx).await?;
        Ok(Box::new(session))
    }

    fn diagnose(&self) -> Option<&dyn Diagnose> {
        Some(self)
    }
}
