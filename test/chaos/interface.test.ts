import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

const TIMEOUT_MS = 60_000;
/** A network of its own, for a user who may not make one as well, if the system lets users. */
const ELSEWHERE = ["--net", "--map-root-user"];

describe("a network interface that goes and returns", function () {
  this.timeout(TIMEOUT_MS);

  it("is received from again, a group within the minute (skipped where no network namespace can be made)", async function () {
    const addsInterface = ["ip", "link", "add", "sensors0", "type", "veth", "peer", "name", "sensors1"];
    if (spawnSync("unshare", [...ELSEWHERE, ...addsInterface], { stdio: "ignore" }).status !== 0) this.skip();
    const script = [process.execPath, "-r", "tsx/cjs", require.resolve("./vanishing-interface")];
    const child = spawn("unshare", [...ELSEWHERE, ...script], { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = await Promise.all([text(child.stdout), once(child, "exit")]);
    assert.deepEqual(said.trim().split("\n"), ["received before", "survived", "received after"]);
  });
});
