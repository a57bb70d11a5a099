/* The images as they were last listed. Asked when the page is shown and when something changed them:
   a run about images ended, workspaces came or went, a server was connected, the window got the focus.
   Never by a timer. */
import { useEffect } from "react";
import { create } from "zustand";
import { type CoreState, useCore } from "@/app/store";
import { type AppError, imagesList, type ServerImages, toFailure } from "@/ipc";

interface Images {
  /** None until the first answer. */
  servers: ServerImages[] | null;
  failure: AppError | null;
  isAsking: boolean;
}

/** Bursts of changes are answered once. */
const QUIET_MS = 150;

const useStore = create<Images>(() => ({ servers: null, failure: null, isAsking: false }));
let newest = 0;

/** Asks all servers again. */
export async function refreshImages(): Promise<void> {
  newest += 1;
  const mine = newest;
  useStore.setState({ isAsking: true });
  try {
    const servers = await imagesList();
    if (mine === newest) useStore.setState({ servers, failure: null, isAsking: false });
  } catch (thrown) {
    if (mine === newest) useStore.setState({ failure: toFailure(thrown), isAsking: false });
  }
}

/** What changes when the images of some server may have changed. */
function trace(state: CoreState): string {
  const runs = Object.values(state.runs)
    .filter(({ verb, status }) => verb.includes("image") && status !== "running")
    .map(({ id }) => id);
  const users = Object.values(state.workspaces)
    .flat()
    .map(({ workspace }) => `${workspace.id} ${workspace.name}`);
  const live = state.connections
    .filter(({ abilities }) => abilities?.images)
    .map(({ connection }) => connection.id);
  return JSON.stringify([runs, users, live]);
}

export function useImages(): Images {
  const traced = useCore(trace);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change asks again
  useEffect(() => {
    const timer = setTimeout(() => void refreshImages(), useStore.getState().servers ? QUIET_MS : 0);
    return () => clearTimeout(timer);
  }, [traced]);
  // Others change images too; whoever comes back to the window sees what is there now.
  useEffect(() => {
    const again = () => void refreshImages();
    window.addEventListener("focus", again);
    return () => window.removeEventListener("focus", again);
  }, []);
  return useStore();
}
