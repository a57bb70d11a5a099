/* Sessions in a workspace that several people attach to. */
export { SharedSessionsCard } from "./SharedSessionsCard";
