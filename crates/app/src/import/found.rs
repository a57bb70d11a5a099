//! What a source gives before it is compared with the others: servers, and what is left out.

use model::{FormValues, ImportHost, ImportLeftOut, ImportSource};

/// Everything one source holds.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) source: ImportSource,
    /// As shown to the person.
    pub(crate) files: Vec<String>,
    pub(crate) servers: Vec<Server>,
    pub(crate) left_out: Vec<ImportLeftOut>,
}

impl Found {
    pub(super) fn new(source: ImportSource) -> Self {
        Self { source, files: Vec::new(), servers: Vec::new(), left_out: Vec::new() }
    }

    pub(super) fn leave_out(&mut self, what: &str, place: &str, why: impl Into<String>) {
        let (what, place) = (what.to_owned(), place.to_owned());
        self.left_out.push(ImportLeftOut { what, place, why: why.into() });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.servers.is_empty() && self.left_out.is_empty()
    }
}

/// One server.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(crate) id: String,
    pub(crate) found_as: String,
    pub(crate) place: String,
    pub(crate) name: String,
    pub(crate) host: ImportHost,
    pub(crate) jumps: Vec<ImportHost>,
    pub(crate) fields: FormValues,
    pub(crate) remarks: Vec<String>,
    pub(crate) is_suggested: bool,
}
