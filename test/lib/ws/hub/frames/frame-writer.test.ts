import assert from "node:assert/strict";
import { FrameWriter } from "../../../../../nodes/lib/ws/hub/frames/frame-writer";
import {
  type EnvelopeTopic,
  readingOutsideLog,
  type StoredReading,
} from "../../../../../nodes/lib/ws/hub/log/stored-reading";
import { encodePayload } from "../../../../../nodes/lib/ws/hub/payload";
import { parseFrames } from "../../../../support/fake-frame-sink";

const BARE = { envelope: false, batch: false };
const ENVELOPED = { envelope: true, batch: false };

describe("frame writer", () => {
  const writer = new FrameWriter("epoch");

  function reading(payload: unknown, { topic = "t", seq = 0, enveloped = false } = {}): StoredReading {
    const stored = readingOutsideLog({ topic, payload: encodePayload(payload) }, { time: 7, enveloped });
    return { ...stored, seq };
  }

  function texts(frames: Buffer): string[] {
    return parseFrames(frames).map(({ payload }) => payload.toString());
  }

  it("puts frames one behind the other, in memory of their own", () => {
    const one = reading("one");
    writer.add(one, BARE);
    writer.add(reading("two"), BARE);
    assert.equal(writer.length, 10);
    const frames = writer.take();
    one.bytes.fill(0);
    assert.deepEqual(texts(frames), ["one", "two"]);
    assert.deepEqual([writer.length, writer.take().length], [0, 0]);
  });

  it("copies readings that lie side by side as they lie", () => {
    const both = Buffer.concat([reading("left").bytes, reading("right").bytes]);
    writer.add({ ...reading("left"), bytes: both, start: 0, end: 6 }, BARE);
    writer.add({ ...reading("right"), bytes: both, start: 6, end: 13 }, BARE);
    assert.deepEqual(writer.take(), both);
  });

  it("wraps as the client wants, else as the publisher chose", () => {
    for (const [enveloped, wanted, isWrapped] of [
      [true, undefined, true],
      [false, undefined, false],
      [true, false, false],
      [false, true, true],
    ] as const) {
      writer.add(reading("x", { enveloped }), { envelope: wanted, batch: false });
      assert.equal(texts(writer.take())[0]?.startsWith("{"), isWrapped);
    }
  });

  it("says topic, payload, time and seq in an envelope, whatever they are made of", () => {
    for (const [payload, expected] of [
      ['say "hi"\n\u0000', { payload: 'say "hi"\n\u0000' }],
      [{ a: [1, "é"] }, { payload: { a: [1, "é"] } }],
      [Buffer.from([0, 255]), { payload: "AP8=", encoding: "base64" }],
    ] as const) {
      writer.add(reading(payload, { topic: 'a/"b"', seq: 5 }), ENVELOPED);
      const [text = ""] = texts(writer.take());
      assert.deepEqual(JSON.parse(text), { topic: 'a/"b"', ...expected, time: 7, seq: "epoch.5" });
    }
  });

  it("takes a reading of any size between small ones", () => {
    const large = "x".repeat(3_000_000);
    for (const payload of ["before", large, "after"]) writer.add(reading(payload), BARE);
    writer.add(reading(large), ENVELOPED);
    const received = texts(writer.take());
    assert.deepEqual(
      received.map(({ length }) => length),
      [6, 3_000_000, 5, 3_000_000 + '{"topic":"t","payload":"","time":7}'.length],
    );
  });

  it("gives nobody what was added before something failed", () => {
    writer.add(reading("secret"), BARE);
    const broken = {
      ...reading("x"),
      topic: Object.defineProperty({}, "envelopeStart", { get: fail }) as EnvelopeTopic,
    };
    assert.throws(() => writer.add(broken, ENVELOPED), /no memory/);
    writer.add(reading("mine"), BARE);
    assert.deepEqual(texts(writer.take()), ["mine"]);
  });
});

function fail(): never {
  throw new RangeError("no memory");
}
