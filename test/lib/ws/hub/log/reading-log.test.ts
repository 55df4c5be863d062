import assert from "node:assert/strict";
import { ReadingLog } from "../../../../../nodes/lib/ws/hub/log/reading-log";
import { emptyReading } from "../../../../../nodes/lib/ws/hub/log/stored-reading";
import { Topic } from "../../../../../nodes/lib/ws/hub/log/topic";
import { type EncodedPayload, PayloadError } from "../../../../../nodes/lib/ws/hub/payload";
import { parseFrames } from "../../../../support/fake-frame-sink";

const CAPACITY = 4096;

describe("reading log", () => {
  const topic = new Topic("t");
  let evicted: number[];
  let log: ReadingLog;

  beforeEach(() => {
    evicted = [];
    log = new ReadingLog(CAPACITY, (seq) => evicted.push(seq));
  });

  function append(body: string | Buffer, kind: EncodedPayload["kind"] = "text", time = 0): number {
    const payload = { kind, body };
    return log.append(topic, payload, { length: log.lengthOf(payload), time, enveloped: kind === "json" });
  }

  function bodyAt(seq: number): string {
    const { bytes, bodyStart, end } = log.read(seq, emptyReading());
    return bytes.toString("utf8", bodyStart, end);
  }

  it("numbers readings from 1 and gives back what was put in", () => {
    assert.deepEqual([append("one"), append('{"x":1}', "json", 5), append(Buffer.from([9]), "binary")], [1, 2, 3]);
    assert.deepEqual([log.tail, log.head], [1, 4]);
    assert.equal(log.topicOf(2), topic);
    const { kind, enveloped, time, bytes, start, end } = log.read(2, emptyReading());
    assert.deepEqual([kind, enveloped, time, bodyAt(2)], ["json", true, 5, '{"x":1}']);
    assert.deepEqual(parseFrames(bytes.subarray(start, end)), [{ opcode: 1, payload: Buffer.from('{"x":1}') }]);
    assert.equal(log.read(3, emptyReading()).kind, "binary");
  });

  it("knows where the body lies for every length of header", () => {
    log = new ReadingLog(256 * 1024, () => undefined);
    for (const length of [0, 125, 126, 65_535, 65_536]) assert.equal(bodyAt(append("x".repeat(length))).length, length);
  });

  it("gives up the oldest readings for new ones, round and round, while they can still be read", () => {
    const bodies: string[] = [];
    const lost: string[] = [];
    log = new ReadingLog(CAPACITY, (seq) => lost.push(bodyAt(seq)));
    for (let i = 0; i < 500; i++) {
      bodies.push(`${i} ${"x".repeat((i * 37) % 600)}`);
      append(bodies[i] as string);
      for (let seq = log.tail; seq < log.head; seq++) assert.equal(bodyAt(seq), bodies[seq - 1]);
    }
    assert.deepEqual(lost, bodies.slice(0, log.tail - 1));
    assert.ok(log.head - log.tail > 5);
  });

  it("holds a reading as large as itself, and refuses a larger one", () => {
    append("small");
    append("x".repeat(CAPACITY - 4));
    assert.deepEqual(evicted, [1]);
    assert.throws(() => log.lengthOf({ kind: "text", body: "x".repeat(CAPACITY - 3) }), PayloadError);
  });

  it("bounds how many readings it holds, however small they are", () => {
    log = new ReadingLog(64 * 1024, () => undefined);
    for (let i = 0; i < 30_000; i++) append("");
    assert.equal(log.head - log.tail, 2048);
  });
});
