/* Pasting an image or text into a workspace as a file. */
export { PasteIntoDialog } from "./PasteIntoDialog";
