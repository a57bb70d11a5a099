/* Under LANG=C WebKitGTK calls the language "C", which no formatter takes, ours or a library's. This must
   run before any other module; it changes nothing where the language is one. */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  for (const [name, value] of [
    ["language", "en"],
    ["languages", ["en"]],
  ] as const) {
    Object.defineProperty(navigator, name, { configurable: true, get: () => value });
  }
}

export {};
