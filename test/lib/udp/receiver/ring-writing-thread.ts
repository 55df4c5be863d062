import { parentPort, workerData } from "node:worker_threads";
import { RingWriter } from "../../../../nodes/lib/udp/receiver/datagram-ring";

/** Writes numbered datagrams of various lengths as fast as it can. */
const { memory, count } = workerData as { memory: SharedArrayBuffer; count: number };
const writer = new RingWriter(memory);
for (let number = 0; number < count; number++) {
  const datagram = Buffer.alloc(4 + (number % 61), number % 256);
  datagram.writeUInt32LE(number);
  if (writer.write(datagram, "192.0.2.7", 1, 0)) parentPort?.postMessage("wake");
}
