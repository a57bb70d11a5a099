//! Terminals live in the core: pages come and go, programs go on.

mod ring;
mod terminal;

use std::sync::Arc;

use backend_api::{TerminalInput, TerminalOptions};
use bytes::Bytes;
use model::{ErrorCode, Failure, TerminalId, TerminalSize, TerminalView, WorkspaceRef};

pub(crate) use terminal::Terminal;
pub use terminal::TerminalFollow;

use crate::{Core, state::State};

/// More would be a mistake somewhere, and each holds up to 2 MiB.
const MOST: usize = 64;

impl Core {
    /// All terminals, oldest first.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn terminals(&self) -> Result<Vec<TerminalView>, Failure> {
        self.shared.owner.with(|state| state.terminal_views()).await
    }

    /// Opens a terminal in a workspace.
    ///
    /// # Errors
    /// `Unreachable` when the connection is down, `Conflict` when the workspace does not run, `Busy`
    /// when very many are open.
    pub async fn terminal_open(
        &self,
        workspace: WorkspaceRef,
        size: TerminalSize,
    ) -> Result<TerminalView, Failure> {
        self.open_terminal(workspace, size, None).await
    }

    /// The same with a program of its own, and what it is called.
    pub(crate) async fn open_terminal(
        &self,
        workspace: WorkspaceRef,
        size: TerminalSize,
        program: Option<(Vec<String>, String)>,
    ) -> Result<TerminalView, Failure> {
        check_size(size)?;
        let name = self.shared.name_of(&workspace).await?;
        if self.shared.owner.with(|state| state.terminals.len()).await? >= MOST {
            return Err(Failure::new(ErrorCode::Busy, format!("{MOST} terminals are open"))
                .with_hint("Close one that is no longer needed."));
        }
        let live = self.shared.live(&workspace.connection_id).await?;
        let exec = live.session.exec().ok_or_else(|| live.cannot("open terminals"))?;
        let (argv, called) = program.unzip();
        let options = TerminalOptions { size, argv, user: None };
        let cancel = live.cancel.child_token();
        let cx = live.cx.for_call(cancel.clone(), Arc::new(backend_api::NoLog));
        let opened = live.call(exec.terminal(&workspace.workspace_id, options, &cx)).await?;
        let view = TerminalView {
            id: TerminalId::generate(),
            title: format!("{name}: {}", called.unwrap_or(opened.program)),
            workspace,
            opened_at: self.shared.now(),
            ended: None,
        };
        let terminal = Arc::new(Terminal::new(view.clone(), opened.input, cancel));
        let (kept, owner) = (Arc::clone(&terminal), self.shared.owner.clone());
        self.shared.spawn(async move {
            terminal.run(opened.output).await;
            drop(owner.with(|state| state.changes.is_terminals = true).await);
        });
        let job = move |state: &mut State| {
            state.terminals.insert(kept.view().id, kept);
            state.changes.is_terminals = true;
        };
        self.shared.owner.with(job).await?;
        Ok(view)
    }

    /// A look at a terminal: what it printed so far (up to 2 MiB), then what follows.
    ///
    /// # Errors
    /// `NotFound` when it was closed.
    pub async fn terminal_follow(&self, id: &TerminalId) -> Result<TerminalFollow, Failure> {
        Ok(TerminalFollow::new(self.terminal(id).await?))
    }

    /// Types into a terminal.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` when it has ended, `Busy` when its program takes nothing.
    pub async fn terminal_write(&self, id: &TerminalId, bytes: Bytes) -> Result<(), Failure> {
        self.terminal(id).await?.send(TerminalInput::Bytes(bytes)).await
    }

    /// Tells a terminal its size.
    ///
    /// # Errors
    /// As `terminal_write`; `Invalid` for a size of nothing.
    pub async fn terminal_resize(
        &self,
        id: &TerminalId,
        size: TerminalSize,
    ) -> Result<(), Failure> {
        check_size(size)?;
        self.terminal(id).await?.send(TerminalInput::Resize(size)).await
    }

    /// Ends a terminal and takes it off the list.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn terminal_close(&self, id: TerminalId) -> Result<(), Failure> {
        let job = move |state: &mut State| {
            if let Some(terminal) = state.terminals.remove(&id) {
                terminal.close();
            }
            state.changes.is_terminals = true;
        };
        self.shared.owner.with(job).await
    }

    async fn terminal(&self, id: &TerminalId) -> Result<Arc<Terminal>, Failure> {
        let id = id.clone();
        let found = self.shared.owner.with(move |state| state.terminals.get(&id).cloned()).await?;
        found.ok_or_else(|| {
            Failure::new(ErrorCode::NotFound, "there is no such terminal any more")
                .with_hint("Open a new one.")
        })
    }
}

fn check_size(size: TerminalSize) -> Result<(), Failure> {
    if (1..=1000).contains(&size.columns) && (1..=1000).contains(&size.rows) {
        return Ok(());
    }
    Err(Failure::new(
        ErrorCode::Invalid,
        format!("a terminal cannot be {} by {} characters", size.columns, size.rows),
    )
    .with_hint("Give it 1 to 1000 columns and rows.")
    .with_field("size"))
}
