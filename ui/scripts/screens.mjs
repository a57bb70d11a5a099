/* Every screen with invented data, in both colour schemes: runs axe-core on each, and with
   `--pictures FOLDER` keeps a picture of each. Ends with 1 when axe finds anything. */
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build, preview } from "vite";
import { startBrowser } from "./driver.mjs";

const WORKSPACE = "/workspaces/forge-1/atlas-api";
const press = (text) =>
  `[...document.querySelectorAll("button")].find((b) => b.textContent.startsWith(${JSON.stringify(text)})).click()`;
const label = (text) => `document.querySelector(${JSON.stringify(`[aria-label="${text}"]`)}).click()`;

/* A test of a connection has ended. */
const TESTED = "[...document.querySelectorAll('button')].some((b) => b.textContent === 'Test again')";
/* Agrees to a set-up as soon as it can be agreed to, and runs it. */
const AGREE = `(function agree() {
  const box = document.querySelector("[type=checkbox]");
  if (!box) return setTimeout(agree, 20);
  box.click();
  setTimeout(() => ${press("Run on")}, 50);
})()`;
const pressKey = (key) =>
  `document.body.dispatchEvent(new KeyboardEvent("keydown", { key: ${JSON.stringify(key)}, bubbles: true }))`;

/** Name, scene, address, then what to do there, and what shows that it was done. */
const SCREENS = [
  ["home", "rich", "/home"],
  ["home-down", "down", "/home"],
  ["home-quiet", "none", "/home"],
  ["palette", "rich", "/home", press("Find or run"), "document.querySelector('[role=option]')"],
  [
    "notifications",
    "rich",
    "/home",
    label("Notifications, 2 unread"),
    "document.querySelector('[role=dialog] li')",
  ],
  ["link", "link", "/home"],
  ["link-add", "link-add", "/home"],
  ["link-nowhere", "link-nowhere", "/home"],
  ["shortcuts", "rich", "/home", pressKey("?"), "document.querySelector('[role=dialog]')"],
  ["selected", "rich", "/workspaces", label("Select atlas-api"), "document.querySelector('[role=toolbar]')"],
  ["compact", "compact", "/workspaces"],
  ["workspaces", "rich", "/workspaces"],
  ["row-menu", "rich", "/workspaces", label("More for atlas-api"), "document.querySelector('[role=menu]')"],
  ["welcome", "empty", "/home"],
  ["no-workspaces", "none", "/workspaces"],
  ["no-server", "down", "/workspaces"],
  ["cannot-load", "broken", "/workspaces"],
  ["thousand", "many", "/workspaces"],
  ["overview", "rich", `${WORKSPACE}/overview`],
  [
    "open-in-menu",
    "rich",
    `${WORKSPACE}/overview`,
    label("More ways to open"),
    "document.querySelector('[role=menu]')",
  ],
  [
    "ssh-consent",
    "rich",
    `${WORKSPACE}/overview`,
    press("Set up ssh"),
    "document.querySelector('[role=dialog] pre')",
  ],
  ["stale", "rich", "/workspaces/jump-3/bob/overview"],
  ["ports", "rich", `${WORKSPACE}/ports`],
  ["logs", "rich", `${WORKSPACE}/logs`],
  ["metrics", "rich", `${WORKSPACE}/metrics`],
  ["terminal-tab", "rich", `${WORKSPACE}/terminal`],
  ["workspace-runs", "rich", `${WORKSPACE}/runs`],
  ["dock", "rich", `${WORKSPACE}/overview`, press("Terminal"), "document.querySelector('.xterm')"],
  ["images", "rich", "/images"],
  ["images-none", "none", "/images"],
  ["images-half", "half", "/images"],
  ["image-menu", "rich", "/images", label("More for dev:24.2"), "document.querySelector('[role=menu]')"],
  ["image-build", "rich", "/images", press("Build image"), "document.querySelector('[role=dialog] form')"],
  ["image-pull", "rich", "/images", press("Pull"), "document.querySelector('[role=dialog] form')"],
  ["image-prune", "rich", "/images", press("Prune"), "document.querySelector('[role=dialog] li')"],
  ["run-pull", "rich", "/runs/run-pull"],
  ["runs", "rich", "/runs"],
  ["run", "rich", "/runs/run-create"],
  ["run-failed", "rich", "/runs/run-carol"],
  ["connection", "rich", "/connections/forge-1"],
  ["connection-failed", "rich", "/connections/lab-west"],
  ["connection-edit", "rich", "/connections/forge-1", press("Edit"), "document.querySelector('main form')"],
  [
    "connection-add",
    "rich",
    "/workspaces",
    label("Add a connection"),
    "document.querySelector('[role=dialog] form')",
  ],
  ["test-passed", "rich", "/connections/forge-1/test", "0", TESTED],
  ["test-login", "rich", "/connections/lab-west/test", "0", TESTED],
  ["test-jump", "rich", "/connections/prod-eu/test", "0", TESTED],
  ["test-socket", "rich", "/connections/attic/test", "0", TESTED],
  ["set-up", "rich", "/connections/attic/set-up", "0", "document.querySelector('[type=checkbox]')"],
  [
    "set-up-run",
    "rich",
    "/connections/attic/set-up",
    AGREE,
    "document.querySelector('[role=status] button')",
  ],
  ["settings", "rich", "/settings"],
  ["create", "rich", "/workspaces", press("New workspace"), "document.querySelector('[role=dialog]')"],
  ["host-key-unknown", "unknown", "/workspaces"],
  ["host-key-changed", "hostkey", "/workspaces"],
  ["host-key-revoked", "revoked", "/workspaces"],
  ["credentials", "credentials", "/workspaces"],
  ["vault-new", "vault", "/workspaces"],
  ["vault-open", "unlock", "/workspaces"],
];

/* The guards around menus pass the focus on at once; axe takes them for hidden things that keep it. */
const AXE = `const done = arguments[0];
axe.run({ include: [["html"]], exclude: [["[data-base-ui-focus-guard]"]] }, { resultTypes: ["violations"] })
  .then(({ violations }) => done(violations.map(({ id, nodes }) =>
    id + ": " + nodes.slice(0, 3).map((n) => n.target.join(" ") + " (" + (n.any[0] ?? n.all[0] ?? n.none[0])?.message + ")").join("; "))));`;
const SETTLED =
  "document.querySelector('h1') && document.fonts.status === 'loaded' && document.getAnimations().every((a) => a.effect.getTiming().iterations === Infinity || a.playState !== 'running')";

const flag = process.argv.indexOf("--pictures");
const folder = flag > 0 ? process.argv[flag + 1] : null;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const outDir = "node_modules/.moorline-screens";
await build({ mode: "mock", logLevel: "error", build: { outDir, emptyOutDir: true } });
const server = await preview({ build: { outDir }, preview: { host: "127.0.0.1", port: 0 } });
const browser = await startBrowser(4456);
let findings = 0;
try {
  for (const scheme of ["dark", "light"]) {
    await browser.setScheme(scheme);
    for (const screen of SCREENS) findings += await check(scheme, screen);
  }
} finally {
  await browser.close();
  await server.close();
}
process.stdout.write(`${SCREENS.length} screens in 2 schemes, ${findings} findings\n`);
process.exit(findings > 0 ? 1 : 0);

async function check(scheme, [name, scene, path, action, done]) {
  await browser.open(`${server.resolvedUrls.local[0]}?mock=${scene}#${path}`, SETTLED);
  if (action) {
    await browser.run(action);
    await browser.waitFor(done);
    await browser.waitFor(SETTLED);
  }
  if (folder) await writeFile(join(folder, `${name}-${scheme}.png`), await browser.picture());
  await browser.run(axe);
  const violations = await browser.runAsync(AXE);
  for (const violation of violations) process.stdout.write(`${name} (${scheme}): ${violation}\n`);
  return violations.length;
}
