/* Editors and the SSH config of the mock core. */
import type { EditorView, SshConfigView, WorkspaceSsh, WorkspaceView } from "../generated/types";

const editor = (
  id: EditorView["editor"],
  name: string,
  program: string | null,
  how_to_get: string,
): EditorView => ({ editor: id, name, program, how_to_get, page: "https://example.org/get" });

export const editors: EditorView[] = [
  editor("vs_code", "VS Code", "/usr/bin/code", "Install VS Code, and its extension Remote - SSH."),
  editor("cursor", "Cursor", null, "Install Cursor; it brings what it needs for SSH."),
  editor("windsurf", "Windsurf", null, "Install Windsurf; it brings what it needs for SSH."),
  editor("zed", "Zed", "/home/alice/.local/bin/zed", "Install Zed."),
  editor(
    "jetbrains_gateway",
    "JetBrains Gateway",
    "/opt/gateway/bin/gateway.sh",
    "Install JetBrains Gateway.",
  ),
  editor("terminal", "Terminal", "/usr/bin/gnome-terminal", "Install a terminal program."),
];

const refused = (code: "not_found" | "conflict", message: string, hint: string, field: string) => ({
  code,
  message,
  hint,
  field,
  detail: null,
  is_retryable: false,
});

export const notInstalled = refused(
  "not_found",
  "Cursor is not on this computer",
  "Install Cursor; it brings what it needs for SSH.",
  "editor",
);
export const notKnown = refused(
  "conflict",
  "your SSH config does not know Moorline's workspaces yet",
  "Let Moorline add its one line to your SSH config, then open it again.",
  "ssh_config",
);

const FILE = "/home/alice/.local/share/moorline/ssh/config";

/** `isIncluded`: whether the person agreed already. */
export const sshConfig = (isIncluded: boolean): SshConfigView => ({
  user_file: "/home/alice/.ssh/config",
  line: `Include "${FILE}"`,
  managed_file: FILE,
  backup_file: "/home/alice/.ssh/config.moorline-backup",
  is_included: isIncluded,
  aliases: ["moorline-forge-1", "atlas-api", "atlas-web", "moorline-jump-3"],
});

export const sshOf = (view: WorkspaceView, isIncluded: boolean): WorkspaceSsh => ({
  alias: view.workspace.name,
  host_key_alias: `moorline-${view.workspace.id}`,
  user: "dev",
  folder: "/workspace/project",
  managed_file: FILE,
  is_included: isIncluded,
});
