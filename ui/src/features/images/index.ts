export { BuildDialog } from "./BuildDialog";
export { PullDialog, RemoveImageDialog, TagDialog } from "./dialogs";
export { ImagesPage } from "./ImagesPage";
export { PruneDialog } from "./PruneDialog";
