export { Links } from "./LinkDialog";
