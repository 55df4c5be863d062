// Preloaded into the server's process with `-r`: answers questions about it over the IPC channel.
const { readFileSync, writeFileSync } = require("node:fs");
const { Session } = require("node:inspector");
const { monitorEventLoopDelay } = require("node:perf_hooks");
const { writeHeapSnapshot } = require("node:v8");
const { isMainThread } = require("node:worker_threads");

/** In ms; what the histogram says includes it. */
const DELAY_RESOLUTION_MS = 1;
const PROFILE_INTERVAL_US = 250;

const delays = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
// A thread of the server preloads this, too: the timer would take processor time there, a thousand times a second.
if (isMainThread) delays.enable();
let session;
let turnBeganMs = 0;
let longestTurnMs = 0;

const service = {
  reset() {
    delays.reset();
  },
  sample() {
    const { user, system } = process.cpuUsage();
    return {
      atUs: performance.now() * 1000,
      cpuUs: user + system,
      loopCpuUs: threadCpuMs() * 1000,
      rssBytes: process.memoryUsage.rss(),
      peakBytes: process.resourceUsage().maxRSS * 1024,
      loopDelayP99Ms: delays.percentile(99) / 1e6,
      loopDelayMaxMs: delays.max / 1e6,
    };
  },
  watchTurns() {
    turnBeganMs = threadCpuMs();
    setInterval(endTurn, DELAY_RESOLUTION_MS).unref();
  },
  takeLongestTurnMs() {
    endTurn();
    const longest = longestTurnMs;
    longestTurnMs = 0;
    return longest;
  },
  openSockets() {
    return process.getActiveResourcesInfo().filter((resource) => resource === "TCPSocketWrap").length;
  },
  collectGarbage() {
    globalThis.gc?.();
  },
  memory() {
    return process.memoryUsage();
  },
  writeHeapSnapshot(file) {
    globalThis.gc?.();
    writeHeapSnapshot(file);
  },
  block(ms) {
    for (const end = performance.now() + ms; performance.now() < end; );
  },
  startProfile() {
    session = new Session();
    session.connect();
    session.post("Profiler.enable");
    session.post("Profiler.setSamplingInterval", { interval: PROFILE_INTERVAL_US });
    session.post("Profiler.start");
  },
  stopProfile(file) {
    session.post("Profiler.stop", (error, result) => {
      if (error) throw error;
      writeFileSync(file, JSON.stringify(result.profile));
    });
    session.disconnect();
  },
};

function endTurn() {
  const now = threadCpuMs();
  longestTurnMs = Math.max(longestTurnMs, now - turnBeganMs);
  turnBeganMs = now;
}

/** Of the thread that the event loop runs on; before Node 23.9, and not on Linux, of the whole process. */
function threadCpuMs() {
  if (process.platform === "linux") {
    const [ranNs] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ");
    return Number(ranNs) / 1e6;
  }
  return inMs(process.threadCpuUsage?.() ?? process.cpuUsage());
}

function inMs({ user, system }) {
  return (user + system) / 1000;
}

process.on("message", ({ id, method, args }) => {
  try {
    process.send({ id, result: service[method](...args) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.once("disconnect", () => process.exit());
