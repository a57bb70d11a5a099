export { row, type SettingsRow, type SettingsSection } from "./frame";
export { ResetDialog } from "./ResetDialog";
export { SettingsPage } from "./SettingsPage";
export { TransferDialog } from "./TransferDialog";
export { watchUpdates } from "./update-notice";
