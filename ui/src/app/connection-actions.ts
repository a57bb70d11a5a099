/* The registry of what can be done to a connection; app/routes fills it, the palette reads it. */
import type { ReactNode } from "react";
import { create } from "zustand";
import type { ConnectionView } from "@/ipc";

export interface ConnectionAction {
  /** For example "connection.connect". */
  id: string;
  title: string;
  icon: ReactNode;
  isDanger?: boolean;
  when: (view: ConnectionView) => boolean;
  run: (view: ConnectionView) => void;
}

export const useConnectionActions = create<{ actions: readonly ConnectionAction[] }>(() => ({ actions: [] }));

export function provideConnectionActions(actions: readonly ConnectionAction[]): void {
  useConnectionActions.setState({ actions });
}
