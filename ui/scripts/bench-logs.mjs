/* P15: two million lines into the log view as fast as it takes them, in Chromium. Says how many lines a
   second were taken, how long frames took meanwhile, what memory a million and two million lines hold, and
   whether what is shown at the end is the end. Ends with 1 when a goal is missed. */
import { build, preview } from "vite";
import { startBrowser } from "./driver.mjs";

const LINES = 2_000_000;
const GOAL_RATE = 200_000;
/** Two frames of a screen that draws sixty a second; anything longer is seen as a stutter. */
const GOAL_FRAME_MS = 34;
const GOAL_GROWTH = 1.1;
const PAGE = "/workspaces/forge-1/atlas-api/logs";

/* Watches frames and the number of the newest line from inside the page. */
const WATCH = `
const frames = []; let last = performance.now();
const tick = (now) => { frames.push(now - last); last = now; requestAnimationFrame(tick); };
requestAnimationFrame(tick);
const newest = () => {
  const rows = document.querySelectorAll("[role=log] [data-text]");
  return Number(/^\\d+/.exec(rows[rows.length - 1]?.textContent ?? "")?.[0] ?? -1);
};
window.bench = { frames, newest, begun: performance.now(), at: {} };
const look = () => {
  const line = newest();
  for (const mark of [1e6, 2e6]) if (line >= mark - 1 && !window.bench.at[mark]) window.bench.at[mark] = performance.now();
  requestAnimationFrame(look);
};
look();`;

const outDir = "node_modules/.moorline-bench";
await build({ mode: "mock", logLevel: "error", build: { outDir, emptyOutDir: true } });
const server = await preview({ build: { outDir }, preview: { host: "127.0.0.1", port: 0 } });
const browser = await startBrowser(4457);
let missed = 0;
try {
  await browser.open(
    `${server.resolvedUrls.local[0]}?mock=flood#${PAGE}`,
    "document.querySelector('[role=log] [data-text]')",
  );
  await browser.run(WATCH);
  const start = await browser.run("return { line: window.bench.newest(), at: window.bench.begun }");
  const million = await reach(1e6);
  const bytesAtMillion = await browser.heap();
  const end = await reach(2e6);
  const bytesAtEnd = await browser.heap();
  const frames = await browser.run("return window.bench.frames");
  const shown = await browser.run("return window.bench.newest()");
  frames.sort((a, b) => a - b);
  const frame = (share) => frames[Math.floor(frames.length * share)];
  say(
    "lines a second",
    ((1e6 - start.line) * 1000) / (million - start.at),
    (value) => value >= GOAL_RATE,
    `at least ${GOAL_RATE}`,
  );
  say("frame, 99 of 100, ms", frame(0.99), (value) => value <= GOAL_FRAME_MS, `at most ${GOAL_FRAME_MS}`);
  say("frame, median, ms", frame(0.5), () => true, "16.7 is every frame of sixty a second");
  say("memory at 1 M lines, MiB", bytesAtMillion / 2 ** 20, () => true, "for comparison");
  say(
    "memory at 2 M / at 1 M",
    bytesAtEnd / bytesAtMillion,
    (value) => value <= GOAL_GROWTH,
    `at most ${GOAL_GROWTH}`,
  );
  say("last line shown", shown, (value) => value === LINES - 1, `${LINES - 1}`);
  process.stdout.write(`second million in ${((end - million) / 1000).toFixed(1)} s\n`);
} finally {
  await browser.close();
  await server.close();
}
process.exit(missed > 0 ? 1 : 0);

/** When the page first showed this many lines. */
async function reach(lines) {
  await browser.waitFor(`window.bench.at[${lines}]`, 120_000);
  return browser.run(`return window.bench.at[${lines}]`);
}

function say(name, value, isGood, goal) {
  const good = isGood(value);
  if (!good) missed += 1;
  process.stdout.write(
    `${good ? "ok    " : "MISSED"}  ${name.padEnd(26)} ${Math.round(value * 10) / 10}  (goal: ${goal})\n`,
  );
}
