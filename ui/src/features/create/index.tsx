/* The dialog that makes a workspace. */
export { CreateDialog } from "./CreateDialog";
