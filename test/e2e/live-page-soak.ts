// Watches the live page for many minutes, with a thousand topics that send ten times a second each: `npx tsx test/e2e/live-page-soak.ts`.
// With `--json docs/measured/results.json` the README says what came of it.
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { CDPSession, Page } from "playwright-core";
import { type Figures, known, markdown } from "../bench/report";
import { resultsOf, writeResults } from "../bench/results";
import { launchBrowser } from "./browser";
import { PageRig } from "./live-page-rig";

const TOPICS = 1000;
const PER_SECOND = 10;
const LINES = 20;
const MINUTE_MS = 60_000;
/** By then the page has everything that it keeps of each topic. */
const SETTLED_MINUTE = 2;
/** More than that is growth, not what a collection leaves behind. */
const MAX_GROWTH = 1.1;

interface Minute {
  readonly framesPerSecond: number;
  readonly longestFrameMs: number;
  /** Of scripts, document and buffers, after a collection. */
  readonly heapBytes: number;
  readonly nodes: number;
}

/** Runs in the page; text, since a compiler may add to functions what a page does not have. */
const COUNT_FRAMES = `
  var drawn = { frames: 0, longestMs: 0, last: performance.now() };
  requestAnimationFrame(function frame() {
    const now = performance.now();
    drawn.frames++;
    drawn.longestMs = Math.max(drawn.longestMs, now - drawn.last);
    drawn.last = now;
    requestAnimationFrame(frame);
  });`;
const START_ANEW = "drawn.frames = drawn.longestMs = 0";

interface Drawn {
  readonly frames: number;
  readonly longestMs: number;
}

async function watchLivePage(minutes: number): Promise<Minute[]> {
  const launched = await launchBrowser();
  const rig = await PageRig.start(launched, { settings: { logBytes: 8 * 1024 * 1024 } });
  const { page, errors } = await rig.open();
  const stopSending = send(rig);
  try {
    await page.getByText(`${TOPICS} topics`).waitFor({ timeout: MINUTE_MS });
    await page.evaluate(COUNT_FRAMES);
    const session = await page.context().newCDPSession(page);
    const measured: Minute[] = [];
    while (measured.length < minutes) {
      measured.push(await measureMinute(page, session));
      console.error(`minute ${measured.length}`, measured.at(-1));
    }
    const dropped = rig.server.broadcast.clients().reduce((sum, client) => sum + client.dropped, 0);
    if (errors.length > 0 || dropped > 0) throw new Error(`${dropped} readings dropped; ${errors.join(", ")}`);
    return measured;
  } finally {
    stopSending();
    await rig.close();
    await launched.close();
  }
}

/** @returns stops it */
function send({ server }: PageRig): () => void {
  let turn = 0;
  const sending = setInterval(() => {
    turn++;
    for (let n = 0; n < TOPICS; n++) {
      const value = Math.round(1000 * Math.sin((turn + n) / 50)) / 10;
      server.publishPayload(`plant/line${n % LINES}/sensor${n}`, { value, unit: "°C" });
    }
  }, 1000 / PER_SECOND);
  return () => clearInterval(sending);
}

async function measureMinute(page: Page, session: CDPSession): Promise<Minute> {
  await page.evaluate(START_ANEW);
  const start = performance.now();
  await setTimeout(MINUTE_MS);
  const { frames, longestMs } = await page.evaluate<Drawn>("drawn");
  const seconds = (performance.now() - start) / 1000;
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
  const heapBytes = usedSize + embedderHeapUsedSize + backingStorageSize;
  const { nodes } = await session.send("Memory.getDOMCounters");
  return { framesPerSecond: frames / seconds, longestFrameMs: longestMs, heapBytes, nodes };
}

function figuresOf(minutes: readonly Minute[]): Figures {
  return known({
    minutes: minutes.length,
    framesPerSecond: minutes.reduce((sum, { framesPerSecond }) => sum + framesPerSecond, 0) / minutes.length,
    fewestFramesPerSecond: Math.min(...minutes.map(({ framesPerSecond }) => framesPerSecond)),
    longestFrameMs: Math.max(...minutes.map(({ longestFrameMs }) => longestFrameMs)),
    heapAtMinute2Bytes: minutes[SETTLED_MINUTE - 1]?.heapBytes,
    heapAtEndBytes: minutes.at(-1)?.heapBytes,
  });
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: { minutes: { type: "string", default: "10" }, json: { type: "string" } },
  });
  const minutes = await watchLivePage(Number(values.minutes));
  const rows = minutes.map(({ framesPerSecond, longestFrameMs, heapBytes, nodes }, index) => [
    String(index + 1),
    framesPerSecond.toFixed(1),
    `${longestFrameMs.toFixed(0)} ms`,
    `${(heapBytes / 1e6).toFixed(1)} MB`,
    String(nodes),
  ]);
  console.log(markdown({ columns: ["minute", "frames/s", "longest frame", "heap", "DOM nodes"], rows }));
  const figures = figuresOf(minutes);
  if (values.json !== undefined) {
    const table = { columns: [], rows: [] };
    const report = { title: "", table, targets: [], figures: { sensorcast: figures } };
    writeResults(values.json, resultsOf(new Map([["live-page", report]])));
  }
  const { heapAtMinute2Bytes = Number.POSITIVE_INFINITY, heapAtEndBytes = 0 } = figures;
  if (heapAtEndBytes > heapAtMinute2Bytes * MAX_GROWTH) throw new Error("the heap of the page grows");
}

run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
