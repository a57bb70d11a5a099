/* What the first page does not need: pages and dialogs come in a second file. */
import { lazyRouteComponent } from "@tanstack/react-router";
import { lazy } from "react";

const load = () => import("./pages");

/** A page of the second file. */
export const laterPage = (name: Exclude<keyof Awaited<ReturnType<typeof load>>, "Dialogs">) =>
  lazyRouteComponent(load, name);

/** The open dialog; drawn only while one is open. */
export const Dialogs = lazy(async () => ({ default: (await load()).Dialogs }));

/** Reads the second file while nobody waits for it. */
export function readAhead(): void {
  void load();
}
