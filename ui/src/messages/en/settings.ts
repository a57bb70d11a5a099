/* Words of the settings and of the first start. */
export const settings = {
  title: "Settings",
  saved: "Saved",
  appearance: {
    title: "Appearance",
    scheme: "Colours",
    system: "As the system",
    light: "Light",
    dark: "Dark",
  },
  terminal: {
    title: "Terminal",
    fontSize: "Font size",
    fontHelp: "9 to 24 pixels.",
    scrollback: "Lines kept",
    scrollbackHelp: "100 to 100,000 lines above the visible part.",
    pixels: "px",
    lines: "lines",
  },
  ssh: {
    title: "SSH",
    keepalive: "Keepalive",
    keepaliveHelp: "5 to 300 seconds; a server that misses three is taken as lost.",
    seconds: "s",
  },
  ide: {
    title: "Web IDE",
    where: "Opens in",
    window: "A window of Moorline",
    browser: "The browser",
  },
  window: {
    title: "Window",
    closeToTray: "Keep running in the tray when the window is closed",
    closeToTrayHelp: "Connections stay up; “Disconnect and quit” in the tray ends them.",
  },
  secrets: {
    title: "Passwords and passphrases",
    keychain: (name: string) => `Kept in ${name}`,
    vaultOpen: "Kept in the vault, which is open",
    vaultLocked: "Kept in the vault, which is locked",
    vaultHelp: "The vault asks for its passphrase when a password is needed.",
    place: "Where",
  },
  about: { title: "About", version: "Version", data: "Data folder", platform: "System" },
  outOfRange: (label: string, min: number, max: number) =>
    `${label} is a whole number from ${min} to ${max}.`,
};

export const onboarding = {
  title: "Welcome to Moorline",
  lead: "Moorline runs dev containers on servers that you reach by SSH.",
  steps: [
    { title: "Add a server", text: "Its address and your SSH login. Podman 4.3 or newer runs there." },
    {
      title: "Create a workspace",
      text: "A dev container from an image, with its own home and its own ports.",
    },
    { title: "Open it", text: "IDE, terminal, logs and ports, here and from the tray." },
  ],
  action: "Add a server",
  byHand: "Add a server by hand",
  promiseVault: "Passwords go to an encrypted vault, as this computer offers no keychain.",
  promise: "Passwords go to the system keychain. Moorline talks to nobody but your servers.",
};
