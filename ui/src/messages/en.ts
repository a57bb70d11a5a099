/* English. Grouped as the interface is; sentences with values are functions. */

import { adopt } from "./en/adopt";
import { bulk } from "./en/bulk";
import { connections } from "./en/connections";
import { create } from "./en/create";
import { doctor, setup } from "./en/doctor";
import { git } from "./en/git";
import { home } from "./en/home";
import { imagesWords } from "./en/images";
import { importing } from "./en/import";
import { labFiles } from "./en/lab-files";
import { labGraph } from "./en/lab-graph";
import { newLab, templatesWords } from "./en/lab-new";
import { labsWords } from "./en/labs";
import { logs } from "./en/logs";
import { metrics } from "./en/metrics";
import { links, notifications } from "./en/notifications";
import { openIn } from "./en/open-in";
import { palette } from "./en/palette";
import { paste } from "./en/paste";
import { questions } from "./en/questions";
import { rebuild } from "./en/rebuild";
import { runs } from "./en/runs";
import { onboarding, reset, settings, transfer } from "./en/settings";
import { sharedSessions } from "./en/shared-sessions";
import { notices, shell, states, verbs } from "./en/shell";
import { journal, support } from "./en/support";
import { terminal } from "./en/terminal";
import { tunnels } from "./en/tunnels";
import { volumes } from "./en/volumes";
import { workspaces } from "./en/workspaces";

/** A failure's text as a sentence: a full stop last, and a capital first unless a name stands there. */
const sentence = (text: string): string => {
  const startsWithWord = /^[a-z]+(?=[\s,])/.test(text);
  const begun = startsWithWord ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.?:]$/.test(begun) ? begun : `${begun}.`;
};

export const en = {
  product: "Moorline",
  sentence,
  retry: "Retry",
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  copyDetails: "Copy details",
  copy: {
    hint: (text: string) => `Copy ${text}`,
    shown: (shown: string, text: string) => `${shown}: copy ${text}`,
    done: "Copied",
  },
  format: {
    /** How dates are written. */
    locale: "en-GB",
    now: "now",
    seconds: (seconds: string) => `${seconds} s`,
    minutes: (minutes: number, seconds: number) => `${minutes} min ${seconds} s`,
    hours: (hours: number, minutes: number) => `${hours} h ${minutes} min`,
    /** The parts of a span of time, for example 3 days and 4 hours. */
    span: {
      d: (count: number) => `${count} d`,
      h: (count: number) => `${count} h`,
      min: (count: number) => `${count} min`,
      s: (count: number) => `${count} s`,
    },
    ages: {
      y: (count: number) => `${count} y`,
      mo: (count: number) => `${count} mo`,
      w: (count: number) => `${count} w`,
      d: (count: number) => `${count} d`,
      h: (count: number) => `${count} h`,
      m: (count: number) => `${count} m`,
    },
  },
  form: {
    optional: (label: string, isShown: boolean) => (isShown ? `${label} (optional)` : label),
    use: (value: string) => `Use ${value}`,
    kept: "Kept; leave empty to keep it",
    pickFile: "Choose a file…",
    pickFolder: "Choose a folder…",
    addPort: "add a port…",
    removePort: (port: string) => `Remove port ${port}`,
    more: "More options",
    fewer: "Fewer options",
    away: (server: string) => `${server} is not connected now. What you entered stays here.`,
    problems: {
      required: (label: string) => `${label} is needed.`,
      port: (text: string) => `${text} is not a port. A port is a number from 1 to 65535.`,
      number: (text: string, min: number, max: number, unit: string) =>
        `${text} will not do. A whole number from ${min} to ${max} ${unit} will.`,
      environment: (line: string) => `${line} is not of the form NAME=value.`,
    },
  },
  dock: {
    name: "Terminals and logs",
    resize: "Height of the dock",
    left: "Terminals and logs at the left",
    right: "Terminals and logs at the right",
    split: "Show side by side",
    moveAcross: "Move to the other side",
    resizeSides: "Width of the sides",
    add: "New terminal",
    closeTab: "Close this tab",
    hide: "Hide the dock",
    toggle: "Show or hide the dock",
    roundTrip: (ms: number) => `round trip ${ms} ms`,
  },
  toasts: {
    name: "Notices",
    dismiss: "Dismiss",
  },
  shell,
  states,
  verbs,
  notices,
  workspaces,
  bulk,
  adopt,
  connections,
  importing,
  palette,
  questions,
  settings,
  transfer,
  reset,
  journal,
  support,
  onboarding,
  create,
  doctor,
  setup,
  git,
  home,
  images: imagesWords,
  labs: labsWords,
  labFiles,
  labGraph,
  newLab,
  templates: templatesWords,
  logs,
  metrics,
  openIn,
  notifications,
  links,
  rebuild,
  paste,
  sharedSessions,
  tunnels,
  volumes,
  runs,
  terminal,
};

export type Messages = typeof en;
