import assert from "node:assert/strict";
import fc from "fast-check";
import { type Arrival, DatagramQueue } from "../../../nodes/lib/udp/datagram-queue";

const arrival = (bytes: number): Arrival => ({
  bytes: Buffer.alloc(bytes),
  sender: { address: "192.0.2.1", port: 9 },
  time: 0,
});

describe("datagram queue", () => {
  it("is first in, first out", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1500, max: 2000 }), { maxLength: 20 }), (moves) => {
        const queue = new DatagramQueue();
        const model: Arrival[] = [];
        for (const move of moves) {
          for (let n = 0; n < move; n++) {
            const pushed = arrival(1);
            if (queue.push(pushed)) model.push(pushed);
          }
          for (let n = 0; n > move; n--) assert.equal(queue.shift(), model.shift());
          assert.equal(queue.length, model.length);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("is bounded in datagrams and in bytes, and has room again for what was taken out", () => {
    const queue = new DatagramQueue();
    let count = 0;
    while (queue.push(arrival(0))) count++;
    assert.equal(count, 16_384);
    assert.equal(queue.takeAll().length, 16_384);
    assert.equal(queue.length, 0);
    let bytes = 0;
    while (queue.push(arrival(65_507))) bytes += 65_507;
    assert.ok(bytes > 8_000_000 && bytes <= 8 * 1024 * 1024, String(bytes));
    assert.ok(queue.push(arrival(1)));
    queue.shift();
    assert.ok(queue.push(arrival(65_507)));
  });
});
