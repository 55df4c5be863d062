import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";

let program: string | undefined;

/** What sender processes run, in one file of JavaScript: started from its many sources, each would take most of a second. */
export function senderProgram(): string {
  if (program !== undefined) return program;
  const folder = mkdtempSync(join(tmpdir(), "sensorcast-sender-"));
  // Whoever owns the process that starts it.
  chmodSync(folder, 0o755);
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  program = join(folder, "sender-process.js");
  const entry = resolve(__dirname, "../../nodes/lib/ws/senders/sender-process.ts");
  buildSync({ entryPoints: [entry], outfile: program, bundle: true, platform: "node", target: "node20" });
  return program;
}

let isRun = false;

/** From now on, also what runs from its sources, as nodes in tests do, starts sender processes with that one file. */
export function runSenderProgram(): void {
  if (isRun) return;
  isRun = true;
  const modules = Module as unknown as { _resolveFilename(request: string, ...context: unknown[]): string };
  const resolveOthers = modules._resolveFilename;
  modules._resolveFilename = (request, ...context) =>
    request === "./sender-process" ? senderProgram() : resolveOthers.call(modules, request, ...context);
}
