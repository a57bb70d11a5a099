/* Brings a field that a failure or a fix names before the person. */
import { useEffect, useRef } from "react";
import type { Descriptor } from "@/ipc";
import { formField } from "./useConnectionForm";

/** A field as failures name it; a new object each time it is asked for. */
export interface FieldFocus {
  field: string;
}

/** Shows and focuses the field inside the element that gets the returned ref. */
export function useFieldFocus(focus: FieldFocus | null, descriptor: Descriptor) {
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const name = focus && formField(focus.field, descriptor);
    if (!name) return;
    // A jump host's field stands inside the jump host.
    const place = name
      .split(".")
      .filter((part) => part !== "jumps")
      .map((part) => (/^\d+$/.test(part) ? `[data-jump="${part}"]` : `[data-field="${part}"]`))
      .join(" ");
    const field = form.current?.querySelector(place);
    field?.scrollIntoView({ block: "center" });
    field?.querySelector<HTMLElement>("input, textarea, button")?.focus();
  }, [focus, descriptor]);
  return form;
}
