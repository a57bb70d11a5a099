//! Labs over a server in memory: lists, operations that outlive sessions, what is kept of them.

mod certificates;
mod keeping;
mod runs;

use std::sync::Arc;

use model::{
    ConnectionId, LabId, LabInput, LabOptions, LabRef, LabTemplatePick, LabVerb, LabView, RunId,
    RunStatus, TemplateInput, TemplateSource,
};
use tempfile::TempDir;
use testkit::fake::FakeServer;

use crate::bench::Bench;

const TOPOLOGY: &str = "defaults.device: frr\nnodes: [ r1, r2 ]\nlinks: [ r1-r2 ]\n";

/// A core that is connected to a server of labs, with a template of a folder.
struct Rig {
    bench: Bench,
    connection: ConnectionId,
    pick: LabTemplatePick,
}

impl Rig {
    async fn start() -> Self {
        let server = FakeServer::default();
        server.with_labs();
        let bench = Bench::start_in(Arc::new(TempDir::new().unwrap()), server).await;
        let connection = bench.connected().await;
        let folder = bench.folder.path().join("ospf");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("topology.yml"), TOPOLOGY).unwrap();
        let source = TemplateSource::Folder { path: folder.display().to_string() };
        let made = bench.core.template_create(TemplateInput { name: None, source }).await.unwrap();
        assert_eq!(made.template.name, "ospf");
        let pick =
            LabTemplatePick { template_id: made.template.id, topology: "topology.yml".into() };
        Self { bench, connection, pick }
    }

    /// Ends the core, keeps folder and server, and starts again.
    async fn restart(self) -> Self {
        Self { bench: self.bench.restart().await, ..self }
    }

    fn input(&self, name: &str) -> LabInput {
        LabInput {
            connection_id: self.connection.clone(),
            name: name.into(),
            template: self.pick.clone(),
            variables: [("area".to_owned(), "0".to_owned())].into(),
            instance: None,
            auto_stop_minutes: None,
        }
    }

    fn lab(&self, id: &str) -> LabRef {
        LabRef { connection_id: self.connection.clone(), lab_id: LabId::from_raw(id) }
    }

    async fn make(&self, name: &str, verb: LabVerb) -> RunId {
        self.bench.core.lab_create(self.input(name), verb).await.unwrap()
    }

    /// A lab that runs.
    async fn running(&self, name: &str) -> LabRef {
        let run = self.make(name, LabVerb::Start).await;
        assert_eq!(self.bench.until_over(&run).await.status, RunStatus::Succeeded);
        self.lab(name)
    }

    async fn change(&self, lab: &LabRef, verb: LabVerb) -> RunId {
        self.bench.core.lab_change(lab, verb, LabOptions::default()).await.unwrap()
    }

    async fn view(&self, name: &str) -> Option<LabView> {
        let all = self.bench.core.labs().await.unwrap();
        all.into_iter().find(|view| view.lab.name == name)
    }

    async fn until_view(&self, name: &str, check: impl Fn(&LabView) -> bool) -> LabView {
        self.bench.until(name, async || self.view(name).await.filter(&check)).await
    }

    async fn until_log(&self, run: &RunId, words: &str) {
        let is_there = async || {
            let run = self.bench.core.run(run).await.unwrap();
            let lines = run.log_lines;
            let stored = self.log(&run.id, lines).await;
            stored.iter().any(|line| line.contains(words)).then_some(())
        };
        self.bench.until(words, is_there).await;
    }

    /// The lines that are stored by now.
    async fn log(&self, run: &RunId, lines: u64) -> Vec<String> {
        use futures::StreamExt as _;
        let mut follow = self.bench.core.run_log_follow(run).await.unwrap();
        let mut all = Vec::new();
        while (all.len() as u64) < lines {
            let Some(batch) = follow.next().await else { break };
            all.extend(batch.unwrap().into_iter().map(|line| line.text));
        }
        all
    }
}
