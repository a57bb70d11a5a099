/* Workspaces in programs of this computer, and the managed SSH config they go through. */
export { EDITORS, editorIcon } from "./menu";
export { isMissing, loadEditors, openIn, showNotOpened } from "./open";
export { EditorsCard } from "./SettingsCard";
export { SshCard } from "./SshCard";
export { SshConfigDialog } from "./SshConfigDialog";
