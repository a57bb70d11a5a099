export { ImportBody } from "./ImportBody";
export { ImportDialog } from "./ImportDialog";
export { useImport } from "./useImport";
