export { GitTab } from "./GitTab";
export { startTransfer } from "./operations";
