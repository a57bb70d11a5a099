/* Words of connection tests and of server set-up. */
import type { StageStatus } from "@/ipc";

const STATUS: Record<StageStatus, string> = {
  waiting: "waiting",
  running: "being tested",
  passed: "passed",
  warned: "works, with a remark",
  failed: "failed",
  skipped: "not tested",
};

/** Fields by the last part of their path. */
const FIELDS: Record<string, string> = {
  host: "Change the address",
  port: "Change the port",
  user: "Change the user",
  auth: "Change how to log in",
  socket: "Change the socket",
  port_range: "Change the ports",
  api_url: "Change the address of the API",
  url: "Change the address of the API",
  password: "Change the password",
  tls_fingerprint: "Change the fingerprint",
  work_root: "Change the folder",
};

const took = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

export const doctor = {
  title: "Connection test",
  test: "Test connection",
  again: "Test again",
  cancel: "Cancel",
  copy: "Copy report",
  copied: "Copied",
  stages: "Stages of the test",
  result: "Result",
  status: STATUS,
  took,
  starting: "Starting…",
  testing: (title: string, at: number, of: number) => `Testing: ${title} · ${at} of ${of}`,
  stopped: (title: string, at: number, of: number, ms: number) =>
    `Stopped at ${title}, step ${at} of ${of}, after ${took(ms)}`,
  works: (of: number, ms: number) => `Everything works: ${of} steps in ${took(ms)}`,
  remarks: (count: number, ms: number) =>
    `It works, with ${count === 1 ? "1 remark" : `${count} remarks`}, in ${took(ms)}`,
  cancelled: "Cancelled",
  jump: (name: string) => `Through ${name}`,
  service: (kind: string, name: string) => `${kind} on ${name}`,
  evidence: "Show evidence",
  hideEvidence: "Hide evidence",
  evidenceOf: (title: string) => `Evidence of ${title}`,
  publicKey: "Public key for the server's authorized_keys",
  fixes: {
    compare: "Compare the host key…",
    compareCertificate: "Compare the certificate…",
    ask: "Enter it…",
    edit: (field: string) => FIELDS[field.split(".").at(-1) ?? ""] ?? "Change it",
    setUp: "Set up the server…",
    addAndSetUp: "Add, then set up the server…",
    image: "Choose an image…",
    addAndImage: "Add, then choose an image…",
    copyKey: "Copy my public key to the server…",
  },
  copyKey: {
    title: (server: string) => `Let your key in on ${server}`,
    lead: "One line is appended to one file, unless it is there already. Nothing else is changed.",
    line: "This public key",
    file: "goes into this file",
    server: "of this login",
    password: (user: string) =>
      `You are asked for the password of ${user}. It is used for this once and not kept. Whoever holds the private key can log in afterwards.`,
    submit: "Copy key",
    copying: (server: string) => `Copying your key to ${server}…`,
    done: (server: string, file: string) => `Your key stands in ${file} on ${server} now.`,
    same: (server: string, file: string) =>
      `Nothing was to be done: your key stands in ${file} on ${server} already.`,
  },
  form: "Connection",
  unsaved: "Tests what the form says now; nothing is saved by it.",
  remoteOnly:
    "Moorline is remote-only by design. Workspaces run on a server that SSH reaches, never on this computer beside your own files.",
};

export const setup = {
  title: "Set up server",
  action: "Set up server…",
  choices: "Whose containers",
  means: "What it means",
  happens: "What will happen",
  agree: (server: string) => `I have read this, and agree to run the script as root on ${server}`,
  run: (server: string) => `Run on ${server}`,
  script: "Script",
  wholeScript: "The whole script",
  progress: "Run",
  view: "Script or run",
  copy: "Copy script",
  command: "Run as",
  lines: (count: number) => `${count} lines, run exactly as they stand here`,
  password: "If sudo wants a password, you are asked for it. It is not kept.",
  none: {
    title: "There is no set-up for this kind of connection",
    text: "Its notes say what the server needs.",
    action: "Show the connection",
  },
  done: (server: string) => `${server} is set up.`,
  same: (server: string) => `Nothing was to be done: ${server} is set up already.`,
  failed: "The set-up did not end well. It can be run again: it does only what is missing.",
  test: "Test the connection",
  again: "Set up again",
};
