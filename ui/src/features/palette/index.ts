export { PaletteLayer } from "./Palette";
