/* Every screen in a language that is English in brackets: whatever text stands outside of brackets, and is
   not data, could not be changed by a language file. Ends with 1 when there is any. */
import { build, preview } from "vite";
import { startBrowser } from "./driver.mjs";
import { SCREENS, SETTLED } from "./screen-list.mjs";

/* Names of keys and units, the product's name, the languages' own names; and months, which the locale of a
   language file writes. */
const SAME_EVERYWHERE = [
  ..."ctrl shift alt cmd esc enter tab del ms min px kib mib gib tib kb mb gb moorline english".split(" "),
  ...Array.from({ length: 12 }, (_, month) =>
    new Date(2026, month).toLocaleDateString("en-GB", { month: "short" }).toLowerCase(),
  ),
];

/* Walks texts and the attributes that are read out. Streams carry data only, and are left out. */
const COLLECT = `
const data = (window.mockData ?? []).join(" ").toLowerCase();
const same = new Set(arguments[0]);
const outside = (text) => {
  let depth = 0, rest = "";
  for (const c of text) {
    if (c === "\\u27e6") depth += 1;
    else if (c === "\\u27e7") depth -= 1;
    else if (depth === 0) rest += c;
  }
  return rest;
};
const isLeftOut = (element) => element.closest("[role=log], .xterm, canvas, script, style, .uplot, pre, code, textarea") !== null;
const found = new Set();
const look = (text, where) => {
  for (const word of outside(text).match(/\\p{L}{2,}/gu) ?? []) {
    const lower = word.toLowerCase();
    if (!same.has(lower) && !data.includes(lower)) found.add(word + " in " + JSON.stringify(text.trim().slice(0, 60)) + where);
  }
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) if (!isLeftOut(walker.currentNode.parentElement)) look(walker.currentNode.data, "");
for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    if (element.hasAttribute(name) && !element.closest(".xterm")) look(element.getAttribute(name), " (" + name + ")");
return [...found];`;

const outDir = "node_modules/.moorline-words";
await build({ mode: "mock", logLevel: "error", build: { outDir, emptyOutDir: true } });
const server = await preview({ build: { outDir }, preview: { host: "127.0.0.1", port: 0 } });
const browser = await startBrowser();
const all = new Map();
try {
  for (const [name, scene, path, action, done] of SCREENS) {
    await browser.open(`${server.resolvedUrls.local[0]}?mock=${scene}&language=pseudo#${path}`, SETTLED);
    if (action) {
      await browser.run(action);
      await browser.waitFor(done);
    }
    for (const text of await browser.run(COLLECT, SAME_EVERYWHERE)) if (!all.has(text)) all.set(text, name);
  }
} finally {
  await browser.close();
  await server.close();
}
for (const [text, name] of all) process.stdout.write(`${name}: ${text}\n`);
process.stdout.write(`${SCREENS.length} screens, ${all.size} words that no language file can change\n`);
process.exit(all.size > 0 ? 1 : 0);
