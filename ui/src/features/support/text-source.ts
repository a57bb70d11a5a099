import { LogBuffer, type LogSource, type LogState } from "@/components/log";

/** A text that does not change, as the log pane shows it. */
export class TextSource implements LogSource {
  readonly buffer = new LogBuffer();
  readonly state: LogState = { at: "ended" };

  constructor(text: string) {
    const lines = text.endsWith("\n") ? text.slice(0, -1) : text;
    if (lines === "") return;
    for (const line of lines.split("\n")) this.buffer.push({ at: null, stream: "stdout", text: line });
  }

  readonly version = (): number => 0;
  readonly subscribe = (): (() => void) => () => {};
}
