export { AdoptDialog } from "./AdoptDialog";
export { releaseWorkspace } from "./release";
