/* Words of the notices, and of links that other programs hand over. */
export const notifications = {
  title: "Notifications",
  open: (unread: number) => (unread === 0 ? "Notifications" : `Notifications, ${unread} unread`),
  none: { title: "Nothing to tell", text: "Failed runs, lost servers and questions are listed here." },
  clear: "Clear all",
  remove: (text: string) => `Remove: ${text}`,
  earlier: "Earlier",
  fresh: "New",
  runDone: (done: string) => done,
  runOn: (server: string) => `on ${server}`,
  lost: (name: string) => `${name} does not answer`,
  refused: (name: string) => `${name} is not connected`,
  back: (name: string) => `${name} answers again`,
  tunnelDown: (name: string) => `The tunnel ${name} is down`,
  tunnelClosed: (name: string) => `The tunnel ${name} is closed`,
  labOverdue: (name: string) => `The lab ${name} still runs`,
  labOverdueDetail: (server: string) =>
    `It was to be stopped on ${server} while Moorline was away. Stop it from its page.`,
  asked: (subject: string) => `${subject} needs your answer`,
  askedDetail: "It waits on Home.",
};

export const links = {
  connectionTitle: (name: string) => `Show ${name}?`,
  workspaceTitle: (name: string) => `Show ${name}?`,
  addTitle: (host: string) => `Add ${host}?`,
  nowhereTitle: "This link leads nowhere",
  lead: "Another program opened a link to Moorline.",
  showWorkspace: (name: string, server: string) =>
    `Shows the page of ${name} on ${server}. Nothing is started or stopped.`,
  showConnection: (name: string) => `Shows the page of ${name}. Nothing is connected or changed.`,
  showTunnel: (name: string) => `Shows the page of the tunnel ${name}. Nothing is started or stopped.`,
  showLab: (name: string, server: string) =>
    `Shows the lab ${name} on ${server}. Nothing is started or stopped.`,
  addHelp:
    "Opens the form for a new connection with these values. Nothing is saved or connected until you press the button there.",
  link: "Link",
  copied: "Link copied",
  notCopied: "The clipboard cannot be used here. This is the link:",
  name: "Name",
  address: "Address",
  user: "User",
  notSet: "not set",
  follow: "Show",
  fill: "Open the form",
  ignore: "Ignore",
  close: "Close",
};
