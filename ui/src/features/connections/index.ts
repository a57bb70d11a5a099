export { AddConnectionDialog, type TestSlot } from "./AddConnectionDialog";
export { ConnectionsPage } from "./ConnectionsPage";
export { DeleteConnectionDialog } from "./DeleteConnectionDialog";
export { EditConnection } from "./EditConnection";
