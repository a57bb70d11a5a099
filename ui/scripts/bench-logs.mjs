/* P15: two million lines into the log view as fast as it takes them, in Chromium. Says how many lines a
   second were taken, how long frames took meanwhile, what memory a million and two million lines hold, and
   whether what is shown at the end is the end. Ends with 1 when a goal is missed. */
import { bench, say, share } from "./bench.mjs";

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

await bench("logs", async (browser, address) => {
  await browser.open(`${address}?mock=flood#${PAGE}`, "document.querySelector('[role=log] [data-text]')");
  await browser.run(WATCH);
  const start = await browser.run("return { line: window.bench.newest(), at: window.bench.begun }");
  const million = await reach(browser, 1e6);
  const bytesAtMillion = await browser.heap();
  const workedAtMillion = await browser.processorTime();
  const end = await reach(browser, 2e6);
  const worked = (await browser.processorTime()) - workedAtMillion;
  const bytesAtEnd = await browser.heap();
  const frames = await browser.run("return window.bench.frames");
  const shown = await browser.run("return window.bench.newest()");
  const rate = ((1e6 - start.line) * 1000) / (million - start.at);
  say("lines a second", rate, `at least ${GOAL_RATE}`, (value) => value >= GOAL_RATE);
  say(
    "lines a second of processor time",
    1e6 / worked,
    "for comparison: the load of the machine is not in it",
  );
  const isSmooth = (value) => value <= GOAL_FRAME_MS;
  say("frame, 99 of 100, ms", share(frames, 0.99), `at most ${GOAL_FRAME_MS}`, isSmooth);
  say("frame, median, ms", share(frames, 0.5), "16.7 is every frame of sixty a second");
  say("memory at 1 M lines, MiB", bytesAtMillion / 2 ** 20);
  const isFlat = (value) => value <= GOAL_GROWTH;
  say("memory at 2 M / at 1 M", bytesAtEnd / bytesAtMillion, `at most ${GOAL_GROWTH}`, isFlat);
  say("last line shown", shown, `${LINES - 1}`, (value) => value === LINES - 1);
  say("second million, s", (end - million) / 1000);
});

/** When the page first showed this many lines. */
async function reach(browser, lines) {
  await browser.waitFor(`window.bench.at[${lines}]`, 120_000);
  return browser.run(`return window.bench.at[${lines}]`);
}
