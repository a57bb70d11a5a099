/* Every screen with invented data, in both colour schemes: runs axe-core on each, and with
   `--pictures FOLDER` keeps a picture of each. `--only WORD` looks at those whose name begins so. Ends with 1
   when axe finds anything. */
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build, preview } from "vite";
import { startBrowser } from "./driver.mjs";
import { SCREENS, SETTLED } from "./screen-list.mjs";

/* The guards around menus pass the focus on at once; axe takes them for hidden things that keep it. */
const AXE = `const done = arguments[0];
axe.run({ include: [["html"]], exclude: [["[data-base-ui-focus-guard]"]] }, { resultTypes: ["violations"] })
  .then(({ violations }) => done(violations.map(({ id, nodes }) =>
    id + ": " + nodes.slice(0, 3).map((n) => n.target.join(" ") + " (" + (n.any[0] ?? n.all[0] ?? n.none[0])?.message + ")").join("; "))));`;

/* What an action brings begins to appear in the frame after it was drawn first. */
const TWO_FRAMES =
  "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(null)));";

const option = (name) => {
  const flag = process.argv.indexOf(name);
  return flag > 0 ? process.argv[flag + 1] : null;
};
const folder = option("--pictures");
const only = option("--only") ?? "";
const screens = SCREENS.filter(([name]) => name.startsWith(only));
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const outDir = `node_modules/.moorline-screens${only && `-${only}`}`;
await build({ mode: "mock", logLevel: "error", build: { outDir, emptyOutDir: true } });
const server = await preview({ build: { outDir }, preview: { host: "127.0.0.1", port: 0 } });
const browser = await startBrowser();
let findings = 0;
try {
  for (const scheme of ["dark", "light"]) {
    await browser.setScheme(scheme);
    for (const screen of screens) findings += await check(scheme, screen);
  }
} finally {
  await browser.close();
  await server.close();
}
process.stdout.write(`${screens.length} screens in 2 schemes, ${findings} findings\n`);
process.exit(findings > 0 ? 1 : 0);

async function check(scheme, [name, scene, path, action, done]) {
  await browser.open(`${server.resolvedUrls.local[0]}?mock=${scene}#${path}`, SETTLED);
  if (action) {
    await browser.run(action);
    await browser.waitFor(done);
    await browser.runAsync(TWO_FRAMES);
    await browser.waitFor(SETTLED);
  }
  if (folder) await writeFile(join(folder, `${name}-${scheme}.png`), await browser.picture());
  await browser.run(axe);
  const violations = await browser.runAsync(AXE);
  for (const violation of violations) process.stdout.write(`${name} (${scheme}): ${violation}\n`);
  return violations.length;
}
