export { AutoStopDialog } from "./AutoStopDialog";
export { ChangeDialog } from "./ChangeDialog";
export { LabPage } from "./LabPage";
export { LabsPage } from "./LabsPage";
export { TemplatesPage } from "./templates/TemplatesPage";
export { NewLabDialog } from "./wizard/NewLabDialog";
