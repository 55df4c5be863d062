import assert from "node:assert/strict";
import { sentence } from "../../../../nodes/lib/text/sentence";
import { combineLeases } from "../../../../nodes/lib/udp/socket/combined-lease";
import { SocketFailure } from "../../../../nodes/lib/udp/socket/socket-failure";
import type { SocketLease, SocketSubscriber } from "../../../../nodes/lib/udp/socket/socket-lease";
import { RecordingSubscriber } from "../../../support/pool-under-test";

const FAILURE = new SocketFailure(sentence("socket.port", { port: 1 }), {
  brief: sentence("socket.status-error"),
  code: "EIO",
});

describe("combined lease", () => {
  let subscriber: RecordingSubscriber;
  let parts: SocketSubscriber[];
  let drops: (number | undefined)[];
  let released: number;
  let lease: SocketLease;

  beforeEach(() => {
    subscriber = new RecordingSubscriber();
    parts = [];
    drops = [1, 2];
    released = 0;
    const takers = drops.map((_, index) => (part: SocketSubscriber) => {
      parts.push(part);
      return {
        release: async () => {
          released++;
        },
        kernelDrops: () => drops[index],
        threadDrops: () => index + 10,
      };
    });
    lease = combineLeases(subscriber, takers);
  });

  it("is bound once all are, and again after one of them failed", () => {
    const [first, second] = parts;
    first?.bound({ granted: 1 });
    assert.deepEqual(subscriber.events, []);
    second?.bound({ granted: 2 });
    assert.deepEqual(subscriber.events, ["bound 2"]);
    first?.failed(FAILURE);
    second?.bound({ granted: 2 });
    assert.deepEqual(subscriber.events, ["bound 2", "port 1"]);
    first?.bound({ granted: 1 });
    assert.equal(subscriber.events.at(-1), "bound 1");
  });

  it("hands on what any receives", () => {
    for (const part of parts) part.datagram(Buffer.from("21"), { address: "192.0.2.1", port: 9 });
    assert.deepEqual(subscriber.events, ["21 from 192.0.2.1:9", "21 from 192.0.2.1:9"]);
  });

  it("sums up the drops, if all are known", () => {
    assert.equal(lease.kernelDrops(), 3);
    drops[1] = undefined;
    assert.equal(lease.kernelDrops(), undefined);
    assert.equal(lease.threadDrops(), 21);
  });

  it("releases them all", async () => {
    await lease.release();
    assert.equal(released, 2);
  });
});
