/* A small WebDriver client for headless Chromium: what the screen check needs, and no more. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const START_MS = 15_000;
/** Benchmarks take their time on a busy machine. */
const SCRIPT_MS = 120_000;
const CHROMIUM_ARGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
];

/** Starts chromedriver and opens a page of 1280 × 800. `close()` ends both. */
export async function startBrowser() {
  const port = await freePort();
  const profile = await mkdtemp(join(tmpdir(), "moorline-screens-"));
  const driver = spawn("chromedriver", [`--port=${port}`], { stdio: "ignore" });
  const end = async () => {
    driver.kill();
    await rm(profile, { recursive: true, force: true });
  };
  try {
    return await openBrowser(driver, port, profile, end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** A port of this computer that nobody listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function openBrowser(driver, port, profile, end) {
  let trouble = null;
  driver.once("error", (error) => {
    trouble = error;
  });
  const send = async (method, path, body) => {
    const options = { method, ...(body ? { body: JSON.stringify(body) } : {}) };
    const { value } = await (await fetch(`http://127.0.0.1:${port}${path}`, options)).json();
    if (value?.error) throw new Error(value.message);
    return value;
  };
  const until = Date.now() + START_MS;
  while (!(await send("GET", "/status").catch(() => null))?.ready) {
    if (trouble || driver.exitCode !== null || Date.now() > until)
      throw new Error("chromedriver did not start; is it installed?", { cause: trouble });
    await pause(100);
  }
  const chrome = { args: [...CHROMIUM_ARGS, `--user-data-dir=${profile}`] };
  const capabilities = { alwaysMatch: { browserName: "chrome", "goog:chromeOptions": chrome } };
  const session = `/session/${(await send("POST", "/session", { capabilities })).sessionId}`;
  await send("POST", `${session}/timeouts`, { script: SCRIPT_MS });
  const cdp = (cmd, params) => send("POST", `${session}/goog/cdp/execute`, { cmd, params });
  const setSize = (width, height) =>
    cdp("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  await setSize(1280, 800);
  const run = (script, ...args) => send("POST", `${session}/execute/sync`, { script, args });
  return {
    run,
    runAsync: (script, ...args) => send("POST", `${session}/execute/async`, { script, args }),
    setSize,
    setScheme: (value) =>
      cdp("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] }),
    async open(url, isReady) {
      await send("POST", `${session}/url`, { url: "about:blank" });
      await send("POST", `${session}/url`, { url });
      await this.waitFor(isReady);
    },
    /** Waits until an expression of the page is true. */
    async waitFor(expression, limitMs = START_MS) {
      const end = Date.now() + limitMs;
      while (!(await run(`return Boolean(${expression})`))) {
        if (Date.now() > end) throw new Error(`never true on this page: ${expression}`);
        await pause(50);
      }
    },
    /** Bytes that the page's script holds, after what is not needed was let go. */
    async heap() {
      await cdp("HeapProfiler.collectGarbage", {});
      return (await cdp("Runtime.getHeapUsage", {})).usedSize;
    },
    /** Seconds of processor time that the page's thread has worked: hardly moves with the machine's load. */
    async processorTime() {
      await cdp("Performance.enable", { timeDomain: "threadTicks" });
      const { metrics } = await cdp("Performance.getMetrics", {});
      return metrics.find(({ name }) => name === "TaskDuration").value;
    },
    async picture() {
      return Buffer.from(await send("GET", `${session}/screenshot`), "base64");
    },
    async close() {
      await send("DELETE", session).catch(() => {});
      await end();
    },
  };
}
