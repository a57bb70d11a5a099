/* Words of Home. */
import type { Question } from "@/ipc";

const ASKED: Record<Question["question"]["kind"], string> = {
  certificate: "shows a certificate that needs your decision",
  host_key: "shows a host key that needs your decision",
  credentials: "asks for a password or a code",
  vault_passphrase: "needs the vault to be opened",
};

export const home = {
  greeting: (hour: number): string => {
    if (hour < 5 || hour >= 18) return "Good evening";
    return hour < 12 ? "Good morning" : "Good afternoon";
  },
  needs: (count: number): string => {
    if (count === 0) return "Nothing needs you";
    return count === 1 ? "1 thing needs you" : `${count} things need you`;
  },
  needsName: "What needs you",
  showAllNeeds: (count: number) => `Show ${count} more`,
  question: (subject: string, kind: Question["question"]["kind"]) => `${subject} ${ASKED[kind]}`,
  questionDetail: "Nothing goes on there until you answer.",
  answer: "Answer…",
  broken: (name: string) => `${name} is not connected`,
  silent: (name: string) => `${name} does not answer`,
  nextTry: (seconds: number) => (seconds > 0 ? `Next try in ${seconds} s.` : "Trying now."),
  tryNow: "Try now",
  connect: "Connect",
  show: "Show",
  retry: "Retry",
  hideNamed: (title: string) => `Hide: ${title}`,
  hidden: (title: string) => `Hidden: ${title}`,
  interrupted: (doing: string) => `${doing} was interrupted`,
  cancelled: (doing: string) => `${doing} was cancelled`,
  onServer: (server: string, age: string) =>
    age === "now" ? `on ${server}, just now` : `on ${server}, ${age} ago`,
  leftover: (name: string) => `${name} was left half-made.`,
  servers: "Servers",
  running: (running: number, all: number) => `${running} of ${all} running`,
  memory: (used: string, total: string) => `${used} of ${total} used`,
  cores: (count: number) => `${count} CPU`,
  asOf: (count: number, moment: string) =>
    `${count === 1 ? "1 workspace" : `${count} workspaces`}, as of ${moment}`,
  more: (count: number) => `${count} more`,
  noWorkspaces: "No workspaces",
  noLabs: "No labs",
  labNodes: (running: number, total: number) => `${running} of ${total} nodes`,
  labsRunning: (running: number, all: number) => `${running} of ${all} ${all === 1 ? "lab" : "labs"} up`,
  notListed: "Its workspaces are not known yet.",
  today: "Today",
  allRuns: "All runs",
  nothingToday: "Nothing was run today.",
  step: (step: number, of: number) => `step ${step} of ${of}`,
  log: "log",
};
