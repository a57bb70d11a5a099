import type { ColorScheme, Density } from "@/ipc";

const light = window.matchMedia("(prefers-color-scheme: light)");

/** Puts the chosen scheme on the page and follows the system if so chosen; returns how to stop. */
export function applyColorScheme(scheme: ColorScheme): () => void {
  const apply = () => {
    const isLight = scheme === "system" ? light.matches : scheme === "light";
    document.documentElement.dataset.theme = isLight ? "light" : "dark";
  };
  apply();
  light.addEventListener("change", apply);
  return () => light.removeEventListener("change", apply);
}

/** Rows of lists take their height from `--row`, and from `useRowHeight` where they are placed one by one. */
export function applyDensity(density: Density): void {
  document.documentElement.dataset.density = density;
}
