/* Words of the questions that only a person can answer. */
export const questions = {
  later: "Decide later, from Home",
  hostKey: {
    unknownTitle: (host: string) => `${host} is new here`,
    unknownLead:
      "No file on this computer knows this server. Compare the fingerprint with what its administrator says.",
    changedTitle: (host: string) => `${host} shows a different host key`,
    changedLead:
      "Either the server was set up again, or someone stands between you and it. Nothing was sent to it.",
    revokedTitle: (host: string) => `${host} shows a revoked host key`,
    revokedLead:
      "A file on this computer says that this key must never be trusted. Nothing was sent to the server.",
    at: (address: string) => `at ${address}`,
    known: "Known so far",
    revokedBy: "Revoked by",
    shown: "Shown now",
    line: (file: string, line: number) => `${file}, line ${line}`,
    how: "How to check a fingerprint",
    howText: "On the server itself, or with its administrator, run this and compare every character:",
    replace: "Replace the known key…",
    replaceTitle: (host: string) => `Type ${host} to replace the known key`,
    replaceSubmit: "Replace and connect",
    replaceHelp: "Do this only when you know why the key changed.",
    trust: "Trust and connect",
    disconnect: "Disconnect",
  },
  credentials: {
    for: (subject: string) => `for ${subject}`,
    remember: "Keep it for the next time",
    rememberIn: (keychain: string) => `in ${keychain}`,
    vault: "in the vault on this computer",
    submit: "Log in",
    cancel: "Do not connect",
  },
  vault: {
    newTitle: "Choose a passphrase for the vault",
    newLead:
      "This computer offers no keychain. Moorline keeps passwords in an encrypted file, which this passphrase opens.",
    openTitle: "Open the vault",
    openLead: "Passwords are kept in an encrypted file. Its passphrase opens it until Moorline ends.",
    passphrase: "Passphrase",
    again: "The same again",
    mismatch: "The two are not the same.",
    tooShort: "Eight characters or more are needed.",
    warning: "Nobody can recover it: without it, what the vault holds has to be typed in again.",
    create: "Make the vault",
    open: "Open",
    without: "Do without",
  },
};
