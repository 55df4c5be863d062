import { deepEqual, equal, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { defaultsOf } from "../../../../nodes/lib/config/fields";
import { inEnglish, type Sentence } from "../../../../nodes/lib/text/sentence";
import { Handover } from "../../../../nodes/lib/udp/handover";
import { SensorInput, type SensorInputConfig } from "../../../../nodes/lib/udp/sensor-input";
import type { SocketEnvironment } from "../../../../nodes/lib/udp/socket/socket-environment";
import { SocketPool } from "../../../../nodes/lib/udp/socket/socket-pool";
import { threadedEnvironment } from "../../../../nodes/lib/udp/threaded-environment";
import { fields } from "../../../../nodes/udp-sensor-in.config";
import { FakeClock } from "../../../support/fake-clock";
import { freeUdpPort } from "../../../support/free-port";
import { until } from "../../../support/until";

const LOOPBACK = "127.0.0.1";
const DATAGRAMS = 5000;
/** As in `Backlog`. */
const KEPT_MS = 10_000;

/** Sends a few datagrams each millisecond, and ends when the kernel has taken the last one. */
const SENDER = `
  const socket = require("node:dgram").createSocket("udp4");
  const [port, total, first] = process.argv.slice(1).map(Number);
  let sent = 0, left = total;
  const timer = setInterval(() => {
    for (let n = 0; n < 20 && sent < total; n++, sent++) {
      socket.send(String(first + sent), port, "127.0.0.1", () => --left === 0 && socket.close());
    }
    if (sent === total) clearInterval(timer);
  }, 1);
`;

function expectInOrder(payloads: readonly unknown[]): void {
  const numbers = payloads.map(Number);
  deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
}

describe("what waits in the receiver thread's queue when the last node of a port is stopped", () => {
  let port: number;
  let inputs: SensorInput[];
  let payloads: unknown[];
  let notices: Sentence[];
  let clock: FakeClock;
  let pool: SocketPool;
  let handover: Handover;

  beforeEach(async function () {
    if (process.platform !== "linux") this.skip();
    port = await freeUdpPort();
    inputs = [];
    payloads = [];
    notices = [];
    clock = new FakeClock();
    const environment: SocketEnvironment = { ...threadedEnvironment((notice) => notices.push(notice)), clock };
    pool = new SocketPool(environment);
    handover = new Handover({ clock, notice: (notice) => notices.push(notice) });
  });

  afterEach(() => Promise.all(inputs.map((input) => input.stop())));

  async function start(changes: Partial<SensorInputConfig> = {}): Promise<SensorInput> {
    return await new Promise((resolve, reject) => {
      const input = new SensorInput(
        { ...defaultsOf(fields), port, address: LOOPBACK, ...changes },
        {
          reading: ({ payload }) => payloads.push(payload),
          notice: () => undefined,
          // Told in a later turn than this.
          status: ({ fill }) => fill === "green" && resolve(input),
          warn: () => undefined,
          error: reject,
          say: inEnglish,
        },
        { pool, handover },
      );
      inputs.push(input);
    });
  }

  /** Nothing of it is handled yet: this call blocks. */
  function sendBlocked(count = DATAGRAMS, first = 0): void {
    execFileSync(process.execPath, ["-e", SENDER, String(port), String(count), String(first)]);
  }

  function accountedBy(input: SensorInput): number {
    const { received, kernelDrops, threadDrops } = input.stats();
    return received + (kernelDrops ?? 0) + threadDrops;
  }

  const accounted = (): number => inputs.reduce((sum, input) => sum + accountedBy(input), 0);

  const received = (): number => inputs.reduce((sum, input) => sum + input.stats().received, 0);

  it("goes to the node that listens there next, in order: each datagram is accounted for", async () => {
    const first = await start();
    sendBlocked();
    await first.stop();
    const second = await start();
    await until(() => accounted() >= DATAGRAMS, "datagrams are missing");
    equal(accounted(), DATAGRAMS);
    ok(second.stats().received > 0);
    await until(() => second.stats().pending === 0, "datagrams wait");
    sendBlocked(10);
    await until(() => accounted() >= DATAGRAMS + 10, "nothing new arrives");
    expectInOrder(payloads.slice(0, -10));
    await until(() => second.stats().pending === 0, "datagrams wait");
    equal(payloads.length, received());
    equal(clock.pending, 0);
  });

  it("outlives several redeploys in a row, and goes out in order with what comes between them", async () => {
    const REDEPLOYS = 4;
    await start();
    for (let deploy = 0; deploy < REDEPLOYS; deploy++) {
      sendBlocked(DATAGRAMS, deploy * DATAGRAMS);
      await inputs.at(-1)?.stop();
      await start();
    }
    await until(() => accounted() >= REDEPLOYS * DATAGRAMS, "datagrams are missing", 20_000);
    equal(accounted(), REDEPLOYS * DATAGRAMS);
    await until(() => inputs.at(-1)?.stats().pending === 0, "datagrams wait");
    expectInOrder(payloads);
    equal(payloads.length, received());
    deepEqual(notices, []);
    equal(clock.pending, 0);
  });

  it("is dropped after a while if none does, and the user is told how much that was", async () => {
    const only = await start();
    sendBlocked();
    await only.stop();
    clock.advance(KEPT_MS);
    const place = `port ${port} on ${LOOPBACK}`;
    const told = [
      new RegExp(`^(\\d+) datagrams that still waited were dropped: nobody listens at ${place} any more$`, "m"),
      new RegExp(
        `^(\\d+) datagrams that waited in a node at ${place} were dropped: no other has taken its place$`,
        "m",
      ),
    ];
    const dropped = (): number[] =>
      told.map((sentence) => Number(notices.map(inEnglish).join("\n").match(sentence)?.[1] ?? 0));
    await until(() => dropped()[0] !== 0, "nobody was told");
    const [inRing = 0, inNode = 0] = dropped();
    equal(accounted() + inRing + inNode, DATAGRAMS);
    const next = await start();
    equal(accountedBy(next), 0);
  });

  it("holds up no other address of the port", async () => {
    const first = await start();
    sendBlocked();
    await first.stop();
    const other = await start({ address: "" });
    sendBlocked(10);
    await until(() => other.stats().received === 10, "nothing arrives");
  });
});
