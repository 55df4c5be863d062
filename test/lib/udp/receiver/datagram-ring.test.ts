import { deepEqual, equal, ok } from "node:assert/strict";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { RingReader, RingWriter, ringMemory } from "../../../../nodes/lib/udp/receiver/datagram-ring";

const SENDER = { address: "192.0.2.7", port: 1 };

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
    writer.write(datagram, { address: "fe80::1%eth0", port: 65535 }, 1767225600000.5);
    datagram.fill(0);
    const read = reader.read();
    deepEqual(read, { bytes: Buffer.from("21.5"), address: "fe80::1%eth0", port: 65535, arrival: 1767225600000.5 });
    ok(!(read?.bytes.buffer instanceof SharedArrayBuffer));
  });

  it("has the reader woken for the first datagram after it found nothing, and for no other", () => {
    open(1024);
    equal(reader.read(), undefined);
    equal(writer.write(Buffer.from("a"), SENDER, 0), true);
    equal(writer.write(Buffer.from("b"), SENDER, 0), false);
    equal(reader.read()?.bytes.toString(), "a");
    equal(writer.write(Buffer.from("c"), SENDER, 0), false);
    equal(reader.read()?.bytes.toString(), "b");
    equal(reader.read()?.bytes.toString(), "c");
    equal(reader.read(), undefined);
    equal(writer.write(Buffer.from("d"), SENDER, 0), true);
  });

  it("counts what finds no room, and keeps what it holds", () => {
    open(1024);
    const hundred = Buffer.alloc(100);
    for (let sent = 0; sent < 20; sent++) writer.write(hundred, { ...SENDER, port: sent }, 0);
    const ports: number[] = [];
    for (let read = reader.read(); read !== undefined; read = reader.read()) ports.push(read.port);
    equal(ports.length + reader.drops, 20);
    deepEqual(
      ports,
      ports.map((_, index) => index),
    );
    writer.write(hundred, { ...SENDER, port: 99 }, 0);
    equal(reader.read()?.port, 99);
  });

  it("drops a datagram longer than all of it", () => {
    open(256);
    equal(reader.read(), undefined);
    writer.write(Buffer.alloc(300), SENDER, 0);
    equal(reader.drops, 1);
    writer.write(Buffer.from("short"), SENDER, 0);
    equal(reader.read()?.bytes.toString(), "short");
  });

  it("tells senders apart, however many there are, and also where those who came first found no room", () => {
    open(8 * 1024);
    const addressOf = (sender: number): string => `10.${sender >> 16}.${(sender >> 8) & 255}.${sender & 255}`;
    for (let round = 0; round < 3; round++) {
      const kept: number[] = [];
      for (let sender = 0; sender < 10_000; sender++) {
        const before = reader.drops;
        // One in a few is read: most find no room.
        writer.write(Buffer.from(String(sender)), { address: addressOf(sender), port: 1 }, 0);
        if (reader.drops === before) kept.push(sender);
        const read = sender % 3 === 0 ? reader.read() : undefined;
        if (read !== undefined) equal(read.address, addressOf(Number(read.bytes)));
      }
      ok(kept.length > 1000 && kept.length < 10_000, String(kept.length));
      for (let read = reader.read(); read !== undefined; read = reader.read()) {
        equal(read.address, addressOf(Number(read.bytes)));
      }
    }
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
            writer.write(next.write, SENDER, 0);
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

  /** Receives what a thread writes as fast as it can; idle again and again, for this side is the faster one. */
  async function receiveFromThread(bytes: number, count: number): Promise<{ received: number; drops: number }> {
    const memory = ringMemory(bytes);
    const done = new Int32Array(new SharedArrayBuffer(4));
    const shared = new RingReader(memory);
    const file = require.resolve("./ring-writing-thread");
    const thread = new Worker(file, { workerData: { memory, count, done } });
    await once(thread, "online");
    let next = 0;
    let received = 0;
    for (let isDone = false; ; ) {
      const read = shared.read();
      if (read === undefined) {
        if (isDone) break;
        // Looked at before the last look at the ring.
        isDone = Atomics.load(done, 0) === 1;
        continue;
      }
      const number = read.bytes.readUInt32LE(0);
      ok(number >= next, `${number} after ${next}`);
      const isWhole = read.bytes.subarray(4).every((byte) => byte === number % 256);
      ok(isWhole, `datagram ${number} is not whole`);
      received++;
      next = number + 1;
    }
    await once(thread, "exit");
    return { received, drops: shared.drops };
  }

  it("loses and mixes up nothing between two threads while there is room", async () => {
    deepEqual(await receiveFromThread(64 * 1024 * 1024, 300_000), { received: 300_000, drops: 0 });
  });

  it("counts between two threads what there was no room for", async () => {
    const { received, drops } = await receiveFromThread(4096, 2_000_000);
    equal(received + drops, 2_000_000);
  });
});
