//! Rules of single nodes: consoles, logs, programs, stopping and starting.

use backend_api::{LogOptions, TerminalInput, TerminalOptions, TerminalOutput};
use bytes::Bytes;
use futures::StreamExt;
use model::{NodeState, NodeVerb, TerminalSize};

use super::super::{Checked, Must, broken, ensure, soon};
use super::Subject;

impl Subject<'_> {
    pub(super) async fn a_console_talks(&self) -> Checked {
        if !self.labs.features().console {
            return Ok(());
        }
        let rule = "a console shows what its node prints";
        let id = self.one_node().await?.console.must("a node has a console")?;
        let exec = self.session.exec().must("a server with consoles has terminals")?;
        let size = TerminalSize { columns: 100, rows: 30 };
        let options = TerminalOptions { size, argv: None, user: None };
        let mut terminal = exec.terminal(&id, options, self.cx).await.must(rule)?;
        let (typed, printed) = self.rig.console_talk();
        let shown = async {
            let mut shown = String::new();
            while let Some(Ok(TerminalOutput::Bytes(bytes))) = terminal.output.next().await {
                if shown.is_empty() {
                    // A shell that is still starting may lose what is typed.
                    let typed = Bytes::from_static(typed.as_bytes());
                    let _ = terminal.input.send(TerminalInput::Bytes(typed)).await;
                }
                shown.push_str(&String::from_utf8_lossy(&bytes));
                if shown.contains(&printed) {
                    return Ok(());
                }
            }
            Err(broken(rule, shown))
        };
        soon(rule, shown).await?
    }

    pub(super) async fn a_log_is_read(&self) -> Checked {
        if !self.labs.features().node_logs {
            return Ok(());
        }
        let rule = "the log of a node is read";
        let id = self.one_node().await?.console.must("a node has a log")?;
        let logs = self.session.logs().must("a server with logs has logs")?;
        for is_followed in [false, true] {
            let options = LogOptions { is_followed, tail: Some(50), since: None };
            let mut lines = logs.logs(&id, options, self.cx).await.must(rule)?;
            let first = soon(rule, lines.next()).await?;
            first.must(rule)?.must(rule)?;
        }
        Ok(())
    }

    pub(super) async fn programs_run(&self) -> Checked {
        let (true, Some(nodes)) = (self.labs.features().exec, self.labs.nodes()) else {
            return Ok(());
        };
        let rule = "programs run on nodes";
        let one = [self.rig.node()];
        let ran = nodes.run(self.id()?, &one, "hostname", self.cx).await.must(rule)?;
        let is_right =
            ran.iter().all(|ran| ran.exit_code == Some(0) && ran.stdout.trim() == ran.node);
        ensure(is_right && ran.len() == 1, rule, || format!("{ran:?}"))?;
        let all = nodes.run(self.id()?, &[], "false", self.cx).await.must(rule)?;
        let is_told = all.len() == 2 && all.iter().all(|ran| ran.exit_code == Some(1));
        ensure(is_told, "a program that fails tells its exit code", || format!("{all:?}"))
    }

    pub(super) async fn nodes_stop_and_start(&self) -> Checked {
        if !self.labs.features().node_verbs.contains(&NodeVerb::Stop) {
            return Ok(());
        }
        let nodes = self.labs.nodes().must("a server with verbs of nodes has nodes")?;
        let name = self.rig.node();
        for (verb, state) in
            [(NodeVerb::Stop, NodeState::Stopped), (NodeVerb::Start, NodeState::Running)]
        {
            let rule = format!("{verb:?} of a node shows");
            nodes.change(self.id()?, &name, verb, self.cx).await.must(&rule)?;
            let node = self.one_node().await?;
            ensure(node.state == state, &rule, || format!("{node:?}"))?;
        }
        Ok(())
    }
}
