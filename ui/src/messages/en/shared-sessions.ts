/* Words of shared sessions. */
export const sharedSessions = {
  title: "Shared sessions",
  refresh: "Look again",
  none: "Nobody shares a session here. Begin one: it goes on when you leave, and others can join.",
  notRunning: "Known once the workspace runs.",
  asking: "Asking the workspace…",
  missing: "Sessions are kept by tmux or dtach, and this workspace has neither.",
  install: "Installs it",
  lookAgain: "Look again",
  attach: "Attach",
  attachTo: (name: string) => `Attach to ${name}`,
  end: (name: string) => `End ${name}`,
  you: "you",
  somebody: "somebody",
  nobody: "nobody",
  sinceTime: (since: string) => `since ${since}`,
  begin: "New session…",
  dialog: {
    title: "New shared session",
    lead: (program: string) => `${program} keeps it in the workspace until it is ended, whoever is attached.`,
    name: "Name",
    help: "Letters, digits, dashes and underscores.",
    submit: "Begin",
  },
  ending: {
    title: (name: string) => `End ${name}?`,
    lead: (count: number) =>
      count === 0
        ? "Everything that runs in it stops. Nobody is attached."
        : `Everything that runs in it stops. ${count === 1 ? "1 person is" : `${count} people are`} attached.`,
    submit: "End session",
  },
};
