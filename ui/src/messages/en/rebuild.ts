/* Words of the dialog that makes a workspace anew. */
export const rebuild = {
  title: (name: string) => `Rebuild ${name}`,
  lead: "Makes the container anew from its image. Name, volumes and ports stay; the old container is kept until the new one works.",
  loading: "Asking the server how it is made…",
  planning: "Looking at what would change…",
  changes: "What changes",
  nothingChanges: "Nothing: the container is made anew as it is.",
  becomes: "becomes",
  kept: "Stays as it is",
  happens: "What will happen",
  backAgain: "If a step fails, or you cancel, the old container comes back as it was.",
  submit: "Rebuild",
  starting: "Starting…",
};
