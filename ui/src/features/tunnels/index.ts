export { TunnelDialog } from "./form/TunnelDialog";
export { ImportTunnelsDialog } from "./found/ImportTunnelsDialog";
export { TunnelsPage } from "./TunnelsPage";
