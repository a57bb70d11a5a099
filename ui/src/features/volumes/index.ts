/* Volumes of servers. */
export { VolumesPage } from "./VolumesPage";
