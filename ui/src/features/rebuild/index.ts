/* The dialog that makes a workspace anew. */
export { RebuildDialog } from "./RebuildDialog";
