//! What the items of the tray's menu do. What fails is shown in the window.

use model::{
    ConnectionId, Failure, LabId, LabOptions, LabRef, LabVerb, TunnelId, WorkspaceId, WorkspaceRef,
};

use crate::{Core, CoreEvent, NavigateTarget, OpenIn};

/// An item of the menu that the core carries out.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Action {
    Workspaces,
    Settings,
    Start(WorkspaceRef),
    Stop(WorkspaceRef),
    Ide(WorkspaceRef),
    Editor(WorkspaceRef),
    Terminal(WorkspaceRef),
    StartTunnel(TunnelId),
    StopTunnel(TunnelId),
    StartLab(LabRef),
    StopLab(LabRef),
}

fn parse(id: &str) -> Option<Action> {
    match id {
        "workspaces" => return Some(Action::Workspaces),
        "settings" => return Some(Action::Settings),
        _ => {}
    }
    match id.split_once(':') {
        Some(("start-tunnel", id)) => return Some(Action::StartTunnel(TunnelId::from_raw(id))),
        Some(("stop-tunnel", id)) => return Some(Action::StopTunnel(TunnelId::from_raw(id))),
        _ => {}
    }
    let mut parts = id.splitn(3, ':');
    let (verb, connection, workspace) = (parts.next()?, parts.next()?, parts.next()?);
    let connection_id = ConnectionId::from_raw(connection);
    let lab =
        |id: &str| LabRef { connection_id: connection_id.clone(), lab_id: LabId::from_raw(id) };
    match verb {
        "start-lab" => return Some(Action::StartLab(lab(workspace))),
        "stop-lab" => return Some(Action::StopLab(lab(workspace))),
        _ => {}
    }
    let workspace = WorkspaceRef { connection_id, workspace_id: WorkspaceId::from_raw(workspace) };
    Some(match verb {
        "start" => Action::Start(workspace),
        "stop" => Action::Stop(workspace),
        "ide" => Action::Ide(workspace),
        "editor" => Action::Editor(workspace),
        "terminal" => Action::Terminal(workspace),
        _ => return None,
    })
}

impl Core {
    /// Does what a tray item says and returns at once; what fails is shown in the window. Call it from any
    /// thread.
    pub fn tray_action(&self, id: &str) {
        let Some(action) = parse(id) else {
            tracing::warn!(id, "the tray has no such item");
            return;
        };
        let Some(core) = self.this.upgrade() else { return };
        // The menu's thread is the host's: the work belongs on the core's own runtime.
        self.shared.runtime.spawn(self.shared.tasks.track_future(async move {
            let opened = match &action {
                Action::Editor(workspace) => Some((workspace.clone(), core.settings().editor)),
                _ => None,
            };
            if let Err(failure) = core.perform(action).await {
                // The window knows what helps an editor: a question about the SSH config, where to get it.
                let target = match opened {
                    Some((workspace, editor)) => {
                        NavigateTarget::NotOpened { workspace, editor, failure }
                    }
                    None => NavigateTarget::Failure { failure },
                };
                core.shared.host.show_window();
                core.shared.tell(CoreEvent::Navigate { target });
            }
        }));
    }

    async fn tray_lab(&self, lab: &LabRef, verb: LabVerb) -> Result<(), Failure> {
        let options = LabOptions { is_graceful: verb == LabVerb::Stop, ..LabOptions::default() };
        self.lab_change(lab, verb, options).await.map(drop)
    }

    async fn perform(&self, action: Action) -> Result<(), Failure> {
        let target = match action {
            Action::Workspaces => NavigateTarget::Workspaces,
            Action::Settings => NavigateTarget::Settings,
            Action::Terminal(workspace) => NavigateTarget::Terminal { workspace },
            Action::Start(workspace) => return self.workspace_start(&workspace).await.map(drop),
            Action::Stop(workspace) => return self.workspace_stop(&workspace).await.map(drop),
            Action::StartTunnel(id) => return self.tunnel_start(&id, None).await,
            Action::StopTunnel(id) => return self.tunnel_stop(&id).await,
            Action::StartLab(lab) => return self.tray_lab(&lab, LabVerb::Start).await,
            Action::StopLab(lab) => return self.tray_lab(&lab, LabVerb::Stop).await,
            Action::Ide(workspace) => {
                return self.page_open(workspace, None, OpenIn::Preferred).await.map(drop);
            }
            Action::Editor(workspace) => {
                return self.workspace_open_in(&workspace, self.settings().editor).await;
            }
        };
        self.shared.tell(CoreEvent::Navigate { target });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_the_menu_are_understood() {
        assert_eq!(parse("settings"), Some(Action::Settings));
        let workspace = WorkspaceRef {
            connection_id: ConnectionId::from_raw("c"),
            workspace_id: WorkspaceId::from_raw("w:1"),
        };
        assert_eq!(parse("stop:c:w:1"), Some(Action::Stop(workspace.clone())));
        assert_eq!(parse("editor:c:w:1"), Some(Action::Editor(workspace)));
        let lab = LabRef {
            connection_id: ConnectionId::from_raw("c"),
            lab_id: LabId::from_raw("/home/x:1"),
        };
        assert_eq!(parse("start-lab:c:/home/x:1"), Some(Action::StartLab(lab.clone())));
        assert_eq!(parse("stop-lab:c:/home/x:1"), Some(Action::StopLab(lab)));
        let tunnel = TunnelId::from_raw("t:1");
        assert_eq!(parse("start-tunnel:t:1"), Some(Action::StartTunnel(tunnel.clone())));
        assert_eq!(parse("stop-tunnel:t:1"), Some(Action::StopTunnel(tunnel)));
        assert_eq!(parse("launch:c:w"), None);
        assert_eq!(parse("stop:c"), None);
    }
}
