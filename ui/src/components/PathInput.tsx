import { FolderOpen } from "lucide-react";
import { createContext, useContext } from "react";
import { messages } from "@/messages";
import { IconButton } from "./IconButton";
import { Input, type InputProps } from "./Input";

/** Asks for a file or folder of this computer; null when the person cancelled. */
export type PickPath = (title: string, kind: "file" | "folder") => Promise<string | null>;

/** Null where there is no native dialog: then a path can only be typed. */
const Picker = createContext<PickPath | null>(null);
export const PathPicker = Picker.Provider;
export const usePickPath = (): PickPath | null => useContext(Picker);

interface PathInputProps extends Omit<InputProps, "value" | "onChange" | "after"> {
  value: string;
  onChange: (path: string) => void;
  /** The title of the dialog. */
  title: string;
  kind?: "file" | "folder";
}

/** A path of this computer, typed or picked. */
export function PathInput({ value, onChange, title, kind = "file", ...rest }: PathInputProps) {
  const pick = usePickPath();
  const choose = async () => {
    const path = await pick?.(title, kind);
    if (path) onChange(path);
  };
  return (
    <Input
      {...rest}
      mono
      value={value}
      onChange={(event) => onChange(event.target.value)}
      after={
        pick && (
          <IconButton
            label={kind === "file" ? messages.form.pickFile : messages.form.pickFolder}
            icon={<FolderOpen />}
            onClick={() => void choose()}
            className="-mr-2 size-7!"
          />
        )
      }
    />
  );
}
