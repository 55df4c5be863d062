import { deepEqual, equal } from "node:assert/strict";
import { defaultsOf } from "../../../nodes/lib/config/fields";
import { DatagramPipeline, type PipelineConfig } from "../../../nodes/lib/udp/datagram-pipeline";
import type { ReadingMessage } from "../../../nodes/lib/udp/reading-message";
import { fields } from "../../../nodes/udp-sensor-in.config";
import { FakeClock } from "../../support/fake-clock";

const SENDER = { address: "192.0.2.7", port: 4711 };

describe("a datagram pipeline with one message per topic in a while", () => {
  let clock: FakeClock;
  let messages: ReadingMessage[];
  let heard: number;
  let failures: unknown[];

  beforeEach(() => {
    clock = new FakeClock();
    messages = [];
    heard = 0;
    failures = [];
  });

  function pipelineWith(changes: Partial<PipelineConfig> = {}): DatagramPipeline {
    const port = {
      heard: () => void heard++,
      reading: (message: ReadingMessage) => void messages.push(message),
      rejected: () => undefined,
      failed: (error: unknown) => void failures.push(error),
    };
    return new DatagramPipeline({ ...defaultsOf(fields), every: 100, ...changes }, port, { clock });
  }

  const send = (pipeline: DatagramPipeline, ...datagrams: readonly string[]): void => {
    for (const datagram of datagrams) pipeline.datagram(Buffer.from(datagram), SENDER);
  };

  function countsOf(pipeline: DatagramPipeline): readonly number[] {
    const { received, emitted, conflated, pending } = pipeline.counts();
    return [received, emitted, conflated, pending];
  }

  it("tells of a datagram what becomes of it: pending while it is held, then emitted or conflated", () => {
    const pipeline = pipelineWith();
    send(pipeline, "1", "2", "3");
    deepEqual(countsOf(pipeline), [3, 1, 1, 1]);
    clock.advance(100);
    deepEqual(countsOf(pipeline), [3, 2, 1, 0]);
    deepEqual(
      messages.map(({ payload, readings }) => [payload, readings]),
      [
        [1, 1],
        [3, 2],
      ],
    );
  });

  it("counts a datagram of several readings once, as emitted if one of them is", () => {
    const pipeline = pipelineWith({ conflate: "mean" });
    send(pipeline, '[{"sensor":"a","v":1},{"sensor":"b","v":1}]', '[{"sensor":"a","v":3},{"sensor":"a","v":5}]');
    deepEqual(countsOf(pipeline), [2, 0, 0, 2]);
    clock.advance(100);
    deepEqual(countsOf(pipeline), [2, 2, 0, 0]);
    deepEqual(
      messages.map(({ payload }) => payload),
      [
        { sensor: "a", v: 3 },
        { sensor: "b", v: 1 },
      ],
    );
  });

  it("has the sender and the time of the newest reading, and no parts that would be waited for", () => {
    const pipeline = pipelineWith({ conflate: "mean", timeField: "at" });
    send(pipeline, '[{"at":1700000001,"v":1},{"at":1700000002,"v":2}]');
    clock.advance(100);
    const [{ _msgid, ...message }] = messages as [ReadingMessage];
    deepEqual(message, {
      payload: { at: 1700000001.5, v: 1.5 },
      topic: SENDER.address,
      ip: SENDER.address,
      port: SENDER.port,
      time: 1_700_000_002_000,
      readings: 2,
    });
  });

  it("tells of every reading that it is heard, whatever becomes of it", () => {
    send(pipelineWith(), "1", "2", "[3,4]");
    equal(heard, 4);
    equal(messages.length, 1);
  });

  it("hands on what is held when it is stopped", () => {
    const pipeline = pipelineWith({ conflate: "all" });
    send(pipeline, "1", "2");
    pipeline.stop();
    deepEqual(messages[0]?.payload, [1, 2]);
    deepEqual(countsOf(pipeline), [2, 1, 1, 0]);
    equal(clock.pending, 0);
  });

  it("goes on after a message that could not be handed on", () => {
    const pipeline = pipelineWith();
    messages.push = () => {
      throw new Error("no");
    };
    send(pipeline, "1", "2");
    clock.advance(100);
    equal(failures.length, 2);
    deepEqual(countsOf(pipeline), [2, 2, 0, 0]);
  });
});
