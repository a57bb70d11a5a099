/* What the benchmarks in Chromium share: the interface with invented data, served on loopback, and saying
   what was measured beside what was wanted. */
import { build, preview } from "vite";
import { startBrowser } from "./driver.mjs";

/** Builds for the benchmark of this name and opens a browser; `work` gets it with the address. Ends this program, with 1 when
    anything was missed. */
export async function bench(name, work) {
  const outDir = `node_modules/.moorline-bench-${name}`;
  await build({ mode: "mock", logLevel: "error", build: { outDir, emptyOutDir: true } });
  const server = await preview({ build: { outDir }, preview: { host: "127.0.0.1", port: 0 } });
  const browser = await startBrowser();
  try {
    await work(browser, server.resolvedUrls.local[0]);
  } finally {
    await browser.close();
    await server.close();
  }
  process.exit(missed > 0 ? 1 : 0);
}

let missed = 0;

/** One line: the name, the value, and whether it is what was wanted. */
export function say(name, value, goal = "for comparison", isGood = () => true) {
  const good = isGood(value);
  if (!good) missed += 1;
  const mark = good ? "ok    " : "MISSED";
  process.stdout.write(
    `${mark}  ${name.padEnd(36)} ${String(Math.round(value * 10) / 10).padStart(9)}  (goal: ${goal})\n`,
  );
}

/** The value that this share of the values does not exceed. */
export function share(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
