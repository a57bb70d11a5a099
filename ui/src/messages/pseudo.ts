/* A language that is English in brackets. A page shown in it betrays every text that no language file can
   change: it stands outside of brackets. */

export const OPEN = "⟦";
export const CLOSE = "⟧";

/** The same messages, each text in brackets, also those that functions return. */
export function pseudo<T>(value: T): T {
  return mark(value) as T;
}

function mark(value: unknown): unknown {
  if (typeof value === "string") return value === "" ? "" : `${OPEN}${value}${CLOSE}`;
  if (typeof value === "function") return (...args: unknown[]) => mark(value(...args));
  if (Array.isArray(value)) return value.map(mark);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, key === "locale" ? inner : mark(inner)]),
    );
  return value;
}
