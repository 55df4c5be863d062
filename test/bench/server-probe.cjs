// Preloaded into the server's process with `-r`: answers questions about it over the IPC channel.
const { writeFileSync } = require("node:fs");
const { Session } = require("node:inspector");
const { monitorEventLoopDelay } = require("node:perf_hooks");

/** In ms; what the histogram says includes it. */
const DELAY_RESOLUTION_MS = 1;
const PROFILE_INTERVAL_US = 250;

const delays = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
delays.enable();
let session;

const service = {
  reset() {
    delays.reset();
  },
  sample() {
    const { user, system } = process.cpuUsage();
    return {
      atUs: performance.now() * 1000,
      cpuUs: user + system,
      rssBytes: process.memoryUsage.rss(),
      peakBytes: process.resourceUsage().maxRSS * 1024,
      loopDelayP99Ms: delays.percentile(99) / 1e6,
      loopDelayMaxMs: delays.max / 1e6,
    };
  },
  openSockets() {
    return process.getActiveResourcesInfo().filter((resource) => resource === "TCPSocketWrap").length;
  },
  collectGarbage() {
    globalThis.gc?.();
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

process.on("message", ({ id, method, args }) => {
  try {
    process.send({ id, result: service[method](...args) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.once("disconnect", () => process.exit());
