import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlowProcess } from "../support/flow-process";
import { freeUdpPort } from "../support/free-port";
import { send } from "../support/udp";
import { WsClient } from "../support/ws-client";
import { chaosFlow, PATH } from "./chaos-flow";

const TIMEOUT_MS = 120_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const HEARTBEATS = 3;

interface Enveloped {
  readonly payload: { readonly number: number };
  readonly time: number;
}

for (const senders of [0, 1]) {
  describe(`the clock of a Node-RED${senders > 0 ? " with a sender process" : ""}, set by a day`, function () {
    this.timeout(TIMEOUT_MS);
    let folder: string;
    let clockFile: string;
    let nodeRed: FlowProcess;
    let udpPort: number;
    let number = 0;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "sensorcast-clock-"));
      clockFile = join(folder, "set-by-ms");
      await writeFile(clockFile, "0");
      udpPort = await freeUdpPort();
      const flow = chaosFlow(udpPort, {
        listener: { every: "50" },
        server: { heartbeat: "1", expire: "3600", historySeconds: "3600", senders: String(senders) },
      });
      const environment = { CLOCK_SET_BY: clockFile, NODE_OPTIONS: `-r ${join(__dirname, "set-clock.cjs")}` };
      nodeRed = await FlowProcess.start({ flow, environment });
    });
    after(async () => {
      await nodeRed?.stop();
      await rm(folder, { recursive: true });
    });

    const connect = (query: string): Promise<WsClient> =>
      WsClient.connect(`${nodeRed.url.replace("http", "ws")}${PATH}?envelope=1${query}`);
    const receive = async (client: WsClient): Promise<Enveloped> => {
      const sent = ++number;
      await send(udpPort, [JSON.stringify({ sensor: "s", number: sent })]);
      for (;;) {
        const reading = JSON.parse(String(await client.next())) as Enveloped;
        if (reading.payload.number === sent) return reading;
      }
    };

    for (const [direction, setByMs] of [
      ["forward", DAY_MS],
      ["back, to a day before", -DAY_MS],
    ] as const) {
      it(`${direction}, shows in the time of readings, and stops, ages and disconnects nothing`, async () => {
        const client = await connect("");
        const slow = await connect("&every=100");
        await receive(client);
        await writeFile(clockFile, String(setByMs));
        let beats = 0;
        client.socket.on("ping", () => beats++);
        while (beats < HEARTBEATS) {
          const { time } = await receive(client);
          assert.ok(Math.abs(time - Date.now() - setByMs) < HOUR_MS, `${time - Date.now()} ms`);
          await receive(slow);
        }
        const newcomer = await connect("&history=1h");
        const numbers = [];
        while (numbers.at(-1) !== number) {
          numbers.push((JSON.parse(String(await newcomer.next())) as Enveloped).payload.number);
        }
        assert.ok(numbers.length > HEARTBEATS);
        assert.deepEqual(
          numbers,
          [...numbers].sort((a, b) => a - b),
        );
        for (const { socket } of [client, slow, newcomer]) {
          assert.equal(socket.readyState, socket.OPEN);
          socket.terminate();
        }
      });
    }
  });
}
