import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { sensorReading } from "../support/sensor-readings";
import { until } from "../support/until";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { PageRig } from "./live-page-rig";

const READINGS = 20_000;
const ARRIVAL_MS = 120_000;

/** What a page has received, by the name of its connection. */
interface Receiver {
  received: Record<string, string[]>;
  closings: Record<string, number>;
}

(browserUnavailable ? describe.skip : describe)("compression, in a browser", function () {
  this.timeout(300_000);
  let launched: LaunchedBrowser;
  let rig: PageRig;

  before(async () => {
    launched = await launchBrowser();
    rig = await PageRig.start(launched, { settings: { compress: true, replay: false, logBytes: 64 * 1024 * 1024 } });
  });
  after(async () => {
    await rig?.close();
    await launched?.close();
  });

  it(`gives pages ${READINGS} readings as they are, whenever they join and however they fall behind`, async () => {
    const { page, errors } = await rig.open("/client.js");
    const open = (name: string, query = ""): Promise<string> =>
      page.evaluate(
        ([name, url]) =>
          new Promise<string>((resolve) => {
            const receiver = globalThis as unknown as Receiver;
            receiver.received ??= {};
            receiver.closings ??= {};
            const messages: string[] = [];
            receiver.received[name] = messages;
            const socket = new WebSocket(url);
            socket.onmessage = ({ data }) => messages.push(data);
            socket.onclose = ({ code }) => {
              receiver.closings[name] = code;
            };
            socket.onopen = () => {
              socket.send("keepalive ".repeat(50));
              resolve(socket.extensions);
            };
          }),
        [name, rig.server.url(query)] as const,
      );
    const received = (name: string): Promise<string[]> =>
      page.evaluate((name) => (globalThis as unknown as Receiver).received[name] as string[], name);
    const counted = (name: string): Promise<number> =>
      page.evaluate((name) => (globalThis as unknown as Receiver).received[name]?.length ?? 0, name);

    assert.match(await open("steady"), /^permessage-deflate/);
    await open("batched", "?batch=json");
    await open("latest", "?mode=latest");
    for (let i = 0; i < READINGS; i++) {
      if (i === READINGS / 2) await open("late");
      // A page that does nothing else for a while does not take what it is sent.
      if (i === READINGS / 4)
        void page.evaluate(() => {
          for (const until = performance.now() + 1000; performance.now() < until; );
        });
      rig.server.publish("t", sensorReading(i));
      if (i % 20 === 0) await setImmediate();
    }
    await until(
      () => rig.server.broadcast.clients().every(({ pending }) => pending === 0),
      "readings are pending",
      ARRIVAL_MS,
    );
    await until(async () => (await counted("steady")) === READINGS, "readings are missing", ARRIVAL_MS);
    const expected = Array.from({ length: READINGS }, (_, i) => sensorReading(i));
    assert.ok((await received("steady")).every((text, i) => text === expected[i]));
    await until(async () => (await counted("late")) === READINGS / 2, "readings are missing", ARRIVAL_MS);
    assert.ok((await received("late")).every((text, i) => text === expected[READINGS / 2 + i]));
    await until(
      () =>
        page.evaluate(
          (last) =>
            (globalThis as unknown as Receiver).received.batched?.at(-1)?.endsWith(`${JSON.stringify(last)}]`) === true,
          expected.at(-1),
        ),
      "batches are missing",
      ARRIVAL_MS,
    );
    await until(
      () =>
        page.evaluate((last) => (globalThis as unknown as Receiver).received.latest?.at(-1) === last, expected.at(-1)),
      "the newest reading is missing",
      ARRIVAL_MS,
    );
    const batched = (await received("batched")).flatMap((text) => JSON.parse(text) as unknown[]);
    assert.equal(batched.length, READINGS);
    assert.ok(batched.every((reading, i) => reading === expected[i]));
    assert.equal((await received("latest")).at(-1), expected.at(-1));
    assert.equal(rig.server.broadcast.counts().ignored, 4);
    for (const { client } of rig.server.broadcast.clients())
      rig.server.broadcast.disconnect(client, { code: 1000, reason: "" });
    await until(
      async () => (await page.evaluate(() => Object.values((globalThis as unknown as Receiver).closings))).length === 4,
      "a connection is open",
    );
    assert.deepEqual(
      await page.evaluate(() => Object.values((globalThis as unknown as Receiver).closings)),
      [1000, 1000, 1000, 1000],
    );
    assert.deepEqual(errors, []);
  });
});
