import assert from "node:assert/strict";
import { defaultsOf } from "../../../nodes/lib/config/fields";
import { inEnglish, sentence } from "../../../nodes/lib/text/sentence";
import {
  DatagramPipeline,
  type PipelineConfig,
  type PipelinePort,
  type RejectedDatagram,
} from "../../../nodes/lib/udp/datagram-pipeline";
import type { ReadingMessage } from "../../../nodes/lib/udp/reading-message";
import { fields } from "../../../nodes/udp-sensor-in.config";
import { FakeClock } from "../../support/fake-clock";

const SENDER = { address: "192.0.2.7", port: 4711 };

class RecordingPort implements PipelinePort {
  readonly readings: ReadingMessage[] = [];
  readonly rejections: RejectedDatagram[] = [];
  readonly failures: unknown[] = [];

  reading(message: ReadingMessage): void {
    this.readings.push(message);
  }

  rejected(datagram: RejectedDatagram): void {
    this.rejections.push(datagram);
  }

  failed(error: unknown): void {
    this.failures.push(error);
  }
}

describe("datagram pipeline", () => {
  const clock = new FakeClock();
  let port: RecordingPort;

  beforeEach(() => {
    port = new RecordingPort();
  });

  function pipelineWith(changes: Partial<PipelineConfig> = {}): DatagramPipeline {
    return new DatagramPipeline({ ...defaultsOf(fields), ...changes }, port, { clock });
  }

  it("makes a message of a datagram", () => {
    pipelineWith().datagram(Buffer.from('{"sensor":"a","value":1}'), SENDER);
    const payload = { sensor: "a", value: 1 };
    const expected = { payload, topic: "a", ip: "192.0.2.7", port: 4711, time: clock.wallTime() };
    const [{ _msgid, ...message } = assert.fail("no message"), ...others] = port.readings;
    assert.deepEqual(message, expected);
    assert.match(_msgid, /^[\da-f]{16}$/);
    assert.deepEqual(others, []);
  });

  it("takes the time from the reading if it has one, else that of arrival", () => {
    const pipeline = pipelineWith({ timeField: "at.t" });
    pipeline.datagram(
      Buffer.from('{"at":{"t":"2026-03-01T12:00:00Z"}}\n{"at":{"t":1700000000}}\n{"at":"noon"}\n1'),
      SENDER,
    );
    const times = port.readings.map((message) => message.time);
    assert.deepEqual(times, [Date.UTC(2026, 2, 1, 12), 1_700_000_000_000, clock.wallTime(), clock.wallTime()]);
  });

  it("takes the time from line protocol without being told", () => {
    const pipeline = pipelineWith();
    pipeline.datagram(Buffer.from("m,a=b v=1 1700000000123000000\nm,a=b v=2"), SENDER);
    pipeline.datagram(Buffer.from("m,a=b v=1 1700000000"), SENDER);
    const times = port.readings.map(({ time }) => time);
    assert.deepEqual(times, [1_700_000_000_123, clock.wallTime(), clock.wallTime()]);
  });

  it("makes a sequence of a datagram with several readings, each datagram one of its own", () => {
    const pipeline = pipelineWith();
    pipeline.datagram(Buffer.from("[1,2]"), SENDER);
    pipeline.datagram(Buffer.from("[3,4]"), SENDER);
    const parts = port.readings.map((message) => message.parts);
    assert.deepEqual(
      parts.map((part) => [part?.index, part?.count, part?.type, part?.len]),
      [0, 1, 0, 1].map((index) => [index, 2, "array", 1]),
    );
    assert.equal(new Set(parts.map((part) => part?.id)).size, 2);
  });

  it("rejects a datagram that is too long before it is decoded", () => {
    const pipeline = pipelineWith({ maxBytes: 3, format: "json" });
    pipeline.datagram(Buffer.from("1234"), SENDER);
    pipeline.datagram(Buffer.from("123"), SENDER);
    const [rejected] = port.rejections;
    assert.deepEqual(rejected, {
      payload: Buffer.from("1234"),
      ip: "192.0.2.7",
      port: 4711,
      time: clock.wallTime(),
      reason: "size",
      error: sentence("udp.too-long", { bytes: 4, max: 3 }),
    });
    assert.equal(port.readings[0]?.payload, 123);
  });

  it("rejects what holds no reading", () => {
    pipelineWith({ format: "json" }).datagram(Buffer.from("[]"), SENDER);
    const [rejected = assert.fail("not rejected")] = port.rejections;
    assert.match(inEnglish(rejected.error), /no reading/);
  });

  it("goes on with the readings after one that could not be handed on", () => {
    const pipeline = pipelineWith();
    const reading = port.reading.bind(port);
    port.reading = (message) => {
      if (message.payload === 2) throw new RangeError("Maximum call stack size exceeded");
      reading(message);
    };
    pipeline.datagram(Buffer.from("[1,2,3]"), SENDER);
    assert.deepEqual(
      port.readings.map(({ payload }) => payload),
      [1, 3],
    );
    assert.equal(port.failures.length, 1);
    assert.equal(pipeline.counts().emitted, 1);
  });

  it("lets no exception out when a rejected datagram cannot be handed on", () => {
    port.rejected = () => {
      throw new Error("no");
    };
    pipelineWith({ format: "json" }).datagram(Buffer.from("x"), SENDER);
    assert.equal(port.failures.length, 1);
  });

  it("rejects a datagram of more readings than are wanted", () => {
    const pipeline = pipelineWith({ maxReadings: 2 });
    for (const text of ["[1,2,3]", "[1,2]"]) pipeline.datagram(Buffer.from(text), SENDER);
    const [rejected = assert.fail("not rejected")] = port.rejections;
    assert.equal(inEnglish(rejected.error), "the datagram holds more than 2 readings");
    assert.equal(port.readings.length, 2);
  });

  it("counts readings, not datagrams, against the rate of a sender", () => {
    const pipeline = pipelineWith({ maxRate: 10 });
    const flood = Buffer.from(JSON.stringify(Array.from({ length: 100 }, (_, index) => index)));
    for (let n = 0; n < 60; n++) pipeline.datagram(flood, SENDER);
    assert.equal(port.readings.length, 100);
    assert.equal(pipeline.counts().rejected.rate, 59);
  });
});
