import { createContext, useContext } from "react";

/** Whether a dialog is around: what floats out of it belongs to it, and not to the page. */
export const InDialog = createContext(false);

/** Where menus and tooltips are put, so that they stand inside the page's main landmark. */
export function useFloatContainer(): { container?: HTMLElement } {
  const isInDialog = useContext(InDialog);
  const main = isInDialog ? null : document.querySelector("main");
  return main ? { container: main } : {};
}
