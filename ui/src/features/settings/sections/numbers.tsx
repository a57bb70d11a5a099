/* Terminal and SSH: settings that are whole numbers within limits. */
import { KeyRound, SquareTerminal } from "lucide-react";
import { useState } from "react";
import { messages } from "@/messages";
import { row, type SettingsRow, type SettingsSection } from "../frame";
import { NumberSetting } from "../NumberSetting";
import type { useSettings } from "../useSettings";

const words = messages.settings;

const NUMBERS = {
  terminal_font_size: {
    min: 9,
    max: 24,
    label: words.terminal.fontSize,
    help: words.terminal.fontHelp,
    unit: words.terminal.pixels,
  },
  terminal_scrollback: {
    min: 100,
    max: 100_000,
    label: words.terminal.scrollback,
    help: words.terminal.scrollbackHelp,
    unit: words.terminal.lines,
  },
  keepalive_seconds: {
    min: 5,
    max: 300,
    label: words.ssh.keepalive,
    help: words.ssh.keepaliveHelp,
    unit: words.ssh.seconds,
  },
} as const;
type Name = keyof typeof NUMBERS;

export function useNumbers({ settings, change, problem }: ReturnType<typeof useSettings>): {
  terminal: SettingsSection;
  ssh: SettingsSection;
} {
  const [wrong, setWrong] = useState<Partial<Record<Name, boolean>>>({});
  const numberRow = (name: Name): SettingsRow[] => {
    if (!settings) return [];
    const { min, max, label, help, unit } = NUMBERS[name];
    const refused = problem?.field === name ? messages.sentence(problem.message) : null;
    return [
      row({
        id: name,
        label,
        help,
        error: wrong[name] ? words.outOfRange(label, min, max) : refused,
        control: (control) => (
          <NumberSetting
            control={control}
            unit={unit}
            value={settings[name]}
            isValid={(value) => Number.isInteger(value) && value >= min && value <= max}
            onChange={(value) => change({ [name]: value })}
            onValid={(isValid) => setWrong((known) => ({ ...known, [name]: !isValid }))}
          />
        ),
      }),
    ];
  };
  return {
    terminal: {
      id: "terminal",
      title: words.terminal.title,
      icon: <SquareTerminal />,
      rows: [
        ...numberRow("terminal_font_size"),
        ...numberRow("terminal_scrollback"),
        ...sample(settings?.terminal_font_size),
      ],
    },
    ssh: {
      id: "ssh",
      title: words.ssh.title,
      icon: <KeyRound />,
      rows: [...numberRow("keepalive_seconds"), ...(settings ? [hostKeys] : [])],
    },
  };
}

const hostKeys = row({
  id: "host-keys",
  label: words.ssh.hostKeys,
  help: words.ssh.hostKeysHelp,
  control: () => null,
});

function sample(size: number | undefined): SettingsRow[] {
  if (size === undefined) return [];
  return [
    row({
      id: "sample",
      label: words.terminal.sample,
      control: () => null,
      below: (
        <pre
          className="overflow-hidden rounded-card border bg-side p-3 font-mono"
          style={{ fontSize: size, lineHeight: 1.35 }}
        >
          <span style={{ color: "var(--ansi-2)" }}>alice@atlas-api</span>:
          <span style={{ color: "var(--ansi-4)" }}>~/workspace</span>$ git status -sb{"\n"}
          ## main...origin/main{"\n"} <span style={{ color: "var(--ansi-1)" }}>M</span> src/routes/login.rs
        </pre>
      ),
    }),
  ];
}
