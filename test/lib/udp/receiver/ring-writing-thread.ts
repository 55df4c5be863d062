import { workerData } from "node:worker_threads";
import { RingWriter } from "../../../../nodes/lib/udp/receiver/datagram-ring";

/** Writes numbered datagrams of various lengths as fast as it can. */
const { memory, count, done } = workerData as { memory: SharedArrayBuffer; count: number; done: Int32Array };
const writer = new RingWriter(memory);
for (let number = 0; number < count; number++) {
  const datagram = Buffer.alloc(4 + (number % 61), number % 256);
  datagram.writeUInt32LE(number);
  writer.write(datagram, { address: "192.0.2.7", port: 1 }, 0);
}
Atomics.store(done, 0, 1);
