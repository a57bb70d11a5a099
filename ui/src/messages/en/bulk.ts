/* Words of what is done to several workspaces at once. */
const DOING = { start: "Starting", stop: "Stopping" };
const DONE = { start: "started", stop: "stopped" };

const workspaces = (count: number) => (count === 1 ? "1 workspace" : `${count} workspaces`);

export const bulk = {
  selected: (count: number) => `${count} selected`,
  name: "Selected workspaces",
  start: (count: number) => `Start ${count}`,
  stop: (count: number) => `Stop ${count}`,
  noneToStart: "None of these can be started now",
  noneToStop: "None of these can be stopped now",
  clear: "Clear the selection",
  select: (name: string) => `Select ${name}`,
  progress: (verb: "start" | "stop", done: number, total: number) =>
    `${DOING[verb]}, ${done} of ${total} done`,
  cancel: "Cancel the rest",
  cancelling: "Cancelling…",
  result: (verb: "start" | "stop", done: number, skipped: number): string => {
    const said = `${workspaces(done)} ${DONE[verb]}`;
    return skipped === 0 ? said : `${said}, ${skipped} left as ${skipped === 1 ? "it was" : "they were"}`;
  },
  failed: (verb: "start" | "stop", count: number) => `Could not ${verb} ${workspaces(count)}`,
};
