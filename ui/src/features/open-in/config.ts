/* The person's SSH config changes only through this page, so one counter tells who shows it to look again. */
import { create } from "zustand";
import { useDialogs } from "@/app/dialogs";

const useChanges = create<{ count: number }>(() => ({ count: 0 }));

/** Says that the SSH config was changed. */
export const sshConfigChanged = (): void => useChanges.setState(({ count }) => ({ count: count + 1 }));

/** A value that changes when the SSH config may have changed. */
export function useSshConfigChange(): string {
  const count = useChanges((state) => state.count);
  const isAsked = useDialogs((state) => state.open?.dialog === "ssh-config");
  return `${count}:${isAsked}`;
}
