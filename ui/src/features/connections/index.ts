export { AddConnectionDialog } from "./AddConnectionDialog";
export { ConnectionsPage } from "./ConnectionsPage";
export { DeleteConnectionDialog } from "./DeleteConnectionDialog";
