export { RemoveDialog } from "./RemoveDialog";
export { RenameDialog } from "./RenameDialog";
export { WorkspacePage } from "./WorkspacePage";
export { WorkspacesPage } from "./WorkspacesPage";
