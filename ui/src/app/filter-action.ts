/* "/" leads to the filter of the page that is open. */
import { type RefObject, useEffect, useRef } from "react";
import { registerActions } from "./actions";

/** Registers the action while the page is open; the reference goes to the field. */
export function useFilterAction(id: string, title: string): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  useEffect(
    () => registerActions({ id, title, shortcut: "/", run: () => field.current?.focus() }),
    [id, title],
  );
  return field;
}
