import assert from "node:assert/strict";
import { BroadcastHarness } from "../../../support/broadcast-harness";
import { until } from "../../../support/until";
import { ResumingReader } from "./resuming-reader";

const SENDERS = 3;
const READERS = 60;
/** 1000 readings a second of 200 bytes: to all readers, 60 000 a second. */
const FEED = { everyMs: 5, readings: 5, body: "x".repeat(200) };
const RESUME_WITHIN_MS = 2000;
/** The flow goes on meanwhile. */
const MAX_SILENCE_MS = 1000;

describe("sender processes that are killed under load, one after another", () => {
  let server: BroadcastHarness;
  const readers: ResumingReader[] = [];
  let published = 0;
  let longestSilenceMs = 0;
  let feed: NodeJS.Timeout;

  before(async function () {
    this.timeout(30_000);
    server = await BroadcastHarness.start({ settings: { senders: SENDERS, logBytes: 32 * 1024 * 1024 } });
    let last = performance.now();
    feed = setInterval(() => {
      longestSilenceMs = Math.max(longestSilenceMs, performance.now() - last);
      last = performance.now();
      for (let n = 0; n < FEED.readings; n++) server.publish("t", FEED.body);
      published += FEED.readings;
    }, FEED.everyMs);
    server.after(() => clearInterval(feed));
    for (let n = 0; n < READERS; n++) readers.push(await ResumingReader.start(server.url()));
  });
  after(async () => {
    for (const reader of readers) reader.stop();
    await server.stop();
  });

  for (let round = 1; round <= SENDERS; round++) {
    it(`cost nobody a reading (${round}): theirs resume on others within 2 s, others notice nothing`, async () => {
      const { senders } = server.broadcast;
      assert.ok(senders);
      await senders.ready();
      const before = readers.map((reader) => reader.report().closings.length);
      const closings = () => readers.map((reader, index) => reader.report().closings.slice(before[index]));
      const backAt = () => readers.flatMap((reader, index) => reader.report().backAt.slice(before[index]));
      longestSilenceMs = 0;
      const killedAt = performance.now();
      process.kill(senders.pids[0] ?? 0, "SIGKILL");
      await until(() => senders.pids.length < SENDERS, "nobody noticed");
      await until(() => backAt().length > 0 && backAt().length === closings().flat().length, "they are not back");
      const end = published;
      await Promise.all(readers.map((reader) => reader.reaches(end)));
      // Whoever was cut off was so once.
      const victims = closings().filter((codes) => codes.length > 0);
      assert.deepEqual(new Set(victims.map(String)), new Set(["1006"]));
      assert.ok(victims.length < READERS, "others were cut off, too");
      assert.equal(backAt().length, victims.length);
      const awayMs = Math.max(...backAt()) - killedAt;
      assert.ok(awayMs < RESUME_WITHIN_MS, `the last one was back after ${awayMs} ms`);
      assert.ok(longestSilenceMs < MAX_SILENCE_MS, `the flow stood still for ${longestSilenceMs} ms`);
      for (const reader of readers) assert.deepEqual(reader.report().wrong, []);
    }).timeout(30_000);
  }

  it("have been counted to the last reading", async () => {
    clearInterval(feed);
    await Promise.all(readers.map((reader) => reader.reaches(published)));
    for (const reader of readers) {
      const { first, read, wrong } = reader.report();
      assert.deepEqual([first + read - 1, wrong], [published, []]);
    }
  });
});
