/* What a program asked the terminal long ago must not be answered when its output is shown again: the
   answer would be typed into whatever runs now. */
import type { Terminal } from "@xterm/xterm";

/** Queries that xterm answers: device attributes, cursor and mode reports, colours, settings. */
const CSI_QUERIES = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { prefix: "=", final: "c" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { final: "t" },
  { prefix: ">", final: "q" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
] as const;

const OSC_COLORS = [4, 10, 11, 12] as const;

/** Leaves queries unanswered while `isSilent` says so. */
export function silenceReplies(terminal: Terminal, isSilent: () => boolean): void {
  for (const query of CSI_QUERIES) terminal.parser.registerCsiHandler(query, isSilent);
  for (const code of OSC_COLORS) {
    terminal.parser.registerOscHandler(code, (data) => isSilent() && data.includes("?"));
  }
  terminal.parser.registerDcsHandler({ intermediates: "$", final: "q" }, isSilent);
}
