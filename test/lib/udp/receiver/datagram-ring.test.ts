import { deepEqual, equal, ok } from "node:assert/strict";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { RingReader, RingWriter, ringMemory } from "../../../../nodes/lib/udp/receiver/datagram-ring";

const SENDER = "192.0.2.7";

describe("datagram ring", () => {
  let writer: RingWriter;
  let reader: RingReader;

  function open(bytes: number): void {
    const memory = ringMemory(bytes);
    writer = new RingWriter(memory);
    reader = new RingReader(memory);
  }

  it("carries a datagram across with its sender and its arrival, in memory of its own", () => {
    open(1024);
    const datagram = Buffer.from("21.5");
    writer.write(datagram, "fe80::1%eth0", 65535, 1767225600000.5);
    datagram.fill(0);
    const read = reader.read();
    deepEqual(read, { bytes: Buffer.from("21.5"), address: "fe80::1%eth0", port: 65535, arrival: 1767225600000.5 });
    ok(!(read?.bytes.buffer instanceof SharedArrayBuffer));
  });

  it("has the reader woken for the first datagram after it found nothing, and for no other", () => {
    open(1024);
    equal(reader.read(), undefined);
    equal(writer.write(Buffer.from("a"), SENDER, 1, 0), true);
    equal(writer.write(Buffer.from("b"), SENDER, 1, 0), false);
    equal(reader.read()?.bytes.toString(), "a");
    equal(writer.write(Buffer.from("c"), SENDER, 1, 0), false);
    equal(reader.read()?.bytes.toString(), "b");
    equal(reader.read()?.bytes.toString(), "c");
    equal(reader.read(), undefined);
    equal(writer.write(Buffer.from("d"), SENDER, 1, 0), true);
  });

  it("counts what finds no room, and keeps what it holds", () => {
    open(1024);
    const hundred = Buffer.alloc(100);
    for (let sent = 0; sent < 20; sent++) writer.write(hundred, SENDER, sent, 0);
    const ports: number[] = [];
    for (let read = reader.read(); read !== undefined; read = reader.read()) ports.push(read.port);
    equal(ports.length + reader.drops, 20);
    deepEqual(
      ports,
      ports.map((_, index) => index),
    );
    writer.write(hundred, SENDER, 99, 0);
    equal(reader.read()?.port, 99);
  });

  it("drops a datagram longer than all of it", () => {
    open(256);
    equal(reader.read(), undefined);
    writer.write(Buffer.alloc(300), SENDER, 1, 0);
    equal(reader.drops, 1);
    writer.write(Buffer.from("short"), SENDER, 1, 0);
    equal(reader.read()?.bytes.toString(), "short");
  });

  it("is a queue, whatever is written and read in whatever order", () => {
    const step = fc.oneof(
      fc.record({ write: fc.uint8Array({ maxLength: 300 }) }),
      fc.record({ reads: fc.integer({ min: 1, max: 5 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 350, max: 2000 }), fc.array(step, { maxLength: 200 }), (bytes, steps) => {
        open(bytes);
        const model: Uint8Array[] = [];
        for (const next of steps) {
          if ("write" in next) {
            const before = reader.drops;
            writer.write(next.write, SENDER, 1, 0);
            if (reader.drops === before) model.push(next.write);
          } else {
            for (let left = next.reads; left > 0; left--) {
              const expected = model.shift();
              deepEqual(reader.read()?.bytes, expected && Buffer.from(expected));
            }
          }
        }
      }),
    );
  });

  it("loses and mixes up nothing between two threads", async () => {
    const COUNT = 200_000;
    const memory = ringMemory(8192);
    const thread = new Worker(require.resolve("./ring-writing-thread"), {
      workerData: { memory, count: COUNT },
    });
    const shared = new RingReader(memory);
    let next = 0;
    const drain = (): void => {
      for (let read = shared.read(); read !== undefined; read = shared.read()) {
        const [number, padding] = [read.bytes.readUInt32LE(0), read.bytes.subarray(4)];
        ok(number >= next, `${number} after ${next}`);
        ok(
          padding.every((byte) => byte === number % 256),
          `datagram ${number} is not whole`,
        );
        received++;
        next = number + 1;
      }
    };
    let received = 0;
    thread.on("message", drain);
    drain();
    await once(thread, "exit");
    drain();
    equal(received + shared.drops, COUNT);
    ok(received > 1000, `only ${received} arrived`);
  });
});
