// `npm start`: a private Node-RED in a throw-away user directory, with this package loaded and the example flow deployed.
// `npm run dev` (--watch): the same, rebuilt and restarted whenever nodes/, icons/ or examples/ change.
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { EventEmitter, once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, watch, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const EXAMPLE = "examples/sensors-to-browser.json";
/** As they stand in the example. */
const PORT = 1880;
const UDP_PORT = 41234;
const DEBOUNCE_MS = 150;
const STOP_TIMEOUT_MS = 5000;
const PARENT_CHECK_MS = 500;

/** Its message is a sentence for the user; a stack would only be in the way. */
class DemoError extends Error {}

process.chdir(import.meta.dirname);
const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stopped.abort());
if (process.env.npm_lifecycle_event !== undefined) {
  // package.json runs this by `exec`: a shell that stayed between npm and here would not pass on npm's signals. Windows has no
  // `exec`, and runs what follows. And if npm is gone without a signal, so is who watches.
  const npm = process.ppid;
  setInterval(() => process.ppid === npm || stopped.abort(), PARENT_CHECK_MS).unref();
}

let userDir;
let nodeRed;
try {
  const host = process.env.HOST || "127.0.0.1";
  const port = portFrom("PORT", PORT);
  const udpPort = portFrom("UDP_PORT", UDP_PORT);
  await refuseTakenPorts(host, port, udpPort);
  if (!(await build())) throw new DemoError("The build failed.");

  userDir = makeUserDir();
  deployExample(port, udpPort);
  nodeRed = await startNodeRed(host, port);
  console.log(welcome(host, port, udpPort));

  if (process.argv.includes("--watch")) {
    for await (const folders of changes(["nodes", "icons", "examples"])) {
      const startedAt = performance.now();
      if (!(await build())) {
        console.log("The build failed: the last good one keeps running.");
        continue;
      }
      await nodeRed.stop();
      if (folders.has("examples")) deployExample(port, udpPort);
      nodeRed = await startNodeRed(host, port);
      console.log(`Rebuilt and restarted in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
    }
  } else {
    await nodeRed.ended;
  }
} catch (error) {
  if (!stopped.signal.aborted) {
    console.error(error instanceof DemoError ? error.message : error);
    process.exitCode = 1;
  }
} finally {
  stopped.abort();
  await nodeRed?.stop();
  if (userDir !== undefined) rmSync(userDir, { recursive: true, force: true, maxRetries: 3 });
}

function portFrom(variable, fallback) {
  const text = process.env[variable] || String(fallback);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new DemoError(`${variable} must be a whole number from 1 to 65535, not "${text}".`);
  }
  return port;
}

async function refuseTakenPorts(host, port, udpPort) {
  const server = createServer();
  server.listen(port, host);
  await once(server, "listening").catch((error) => explain(error, "PORT", `Port ${port} on ${host}`));
  server.close();
  const socket = createSocket("udp4");
  socket.bind(udpPort);
  await once(socket, "listening").catch((error) => explain(error, "UDP_PORT", `UDP port ${udpPort}`));
  socket.close();
}

function explain(error, variable, what) {
  const why = error.code === "EADDRINUSE" ? "is in use by another program" : `cannot be opened (${error.code})`;
  throw new DemoError(`${what} ${why}. Choose another with the environment variable ${variable}.`);
}

/** @returns whether it succeeded; otherwise the compiler has said why */
async function build() {
  const child = spawn(process.execPath, ["build.mjs"], { stdio: "inherit", signal: stopped.signal });
  const [code] = await once(child, "exit");
  return code === 0;
}

/** A user directory in which this checkout is installed the way `npm link` would. */
function makeUserDir() {
  const { name } = JSON.parse(readFileSync("package.json", "utf8"));
  const dir = mkdtempSync(path.join(tmpdir(), "sensorcast-demo-"));
  const link = path.join(dir, "node_modules", name);
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(import.meta.dirname, link, "junction"); // the kind of link Windows lets anyone make
  return dir;
}

/** Puts the example flow in the user directory, with both ports changed wherever they stand: also in names and comments. */
function deployExample(port, udpPort) {
  const flow = readFileSync(EXAMPLE, "utf8")
    .replaceAll(new RegExp(`\\b${UDP_PORT}\\b`, "g"), String(udpPort))
    .replaceAll(`:${PORT}/`, `:${port}/`);
  writeFileSync(path.join(userDir, "flows.json"), flow);
}

/** Resolves once its flows run. `ended` rejects when it ends without being asked to. */
async function startNodeRed(host, port) {
  const redJs = createRequire(import.meta.url).resolve("node-red/red.js");
  const child = spawn(process.execPath, [redJs, "--userDir", userDir, "--settings", "demo.settings.cjs"], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, HOST: host, PORT: String(port) },
  });
  const exit = once(child, "exit");
  const stop = async () => {
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.kill();
    await exit;
    clearTimeout(timer);
  };
  stopped.signal.addEventListener("abort", stop);
  const ended = exit.then(([code, signal]) => {
    stopped.signal.removeEventListener("abort", stop);
    throw new DemoError(`Node-RED ended unexpectedly (${signal ?? `exit code ${code}`}).`);
  });
  ended.catch(() => undefined); // whoever waits for it hears of it
  await Promise.race([once(child, "message"), ended]);
  return { stop, ended };
}

/** Yields which of the folders changed, once things have been quiet for a moment, until the demo is stopped. */
async function* changes(folders) {
  const changed = new Set();
  const news = new EventEmitter();
  for (const folder of folders) {
    watch(folder, { recursive: true, signal: stopped.signal }, () => {
      changed.add(folder);
      news.emit("change");
    });
  }
  console.log(`Watching ${folders.join(", ")}.`);
  while (true) {
    if (changed.size === 0) await once(news, "change", { signal: stopped.signal });
    await delay(DEBOUNCE_MS, undefined, { signal: stopped.signal });
    const batch = new Set(changed);
    changed.clear();
    yield batch;
  }
}

function welcome(host, port, udpPort) {
  const shown = ["0.0.0.0", "::"].includes(host) ? "localhost" : host.includes(":") ? `[${host}]` : host;
  const reading = `{"sensor":"hand","value":42}`;
  const script = [
    "const s=require('dgram').createSocket('udp4')",
    `s.send(JSON.stringify({sensor:'hand',value:42}),${udpPort},'127.0.0.1',()=>s.close())`,
  ].join(";");
  return `
Sensorcast is running. Ctrl-C ends it and leaves nothing behind.

  Editor      http://${shown}:${port}/
  Page        http://${shown}:${port}/sensors
  WebSocket   ws://${shown}:${port}/ws

Send a reading by hand, from bash or from any shell:

  printf '${reading}' > /dev/udp/127.0.0.1/${udpPort}
  node -e "${script}"
`;
}
