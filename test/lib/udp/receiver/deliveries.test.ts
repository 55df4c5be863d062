import { deepEqual, equal, ok } from "node:assert/strict";
import { RingWriter, ringMemory } from "../../../../nodes/lib/udp/receiver/datagram-ring";
import { Deliveries } from "../../../../nodes/lib/udp/receiver/deliveries";
import { ThreadSocket } from "../../../../nodes/lib/udp/receiver/thread-socket";
import { FakeClock } from "../../../support/fake-clock";

const SENDER = { address: "192.0.2.7", port: 1 };
/** What handling a datagram takes here. */
const HANDLING_MS = 0.1;
/** A slice, and the datagrams of a turn that it may be late in noticing. */
const MOST_IN_A_SLICE = 4 / HANDLING_MS + 8;

describe("deliveries of the receiver thread", () => {
  let clock: FakeClock;
  let deliveries: Deliveries;
  let received: string[];

  beforeEach(() => {
    clock = new FakeClock();
    deliveries = new Deliveries(clock);
    received = [];
  });

  function open({ port = 41234, isHeld = (): boolean => false } = {}): {
    socket: ThreadSocket;
    write(text: string): void;
  } {
    const memory = ringMemory(1024 * 1024);
    const link = { call: () => ({ address: "0.0.0.0", port, family: "IPv4" }), close: () => undefined };
    const socket = new ThreadSocket(link, memory, isHeld);
    socket.bind({ port, exclusive: true });
    socket.on("message", (bytes: Buffer) => {
      received.push(bytes.toString());
      clock.elapse(HANDLING_MS);
    });
    const writer = new RingWriter(memory);
    return { socket, write: (text) => void writer.write(Buffer.from(text), SENDER, 0) };
  }

  it("come in slices, also those of a socket that is closed with much in its ring", () => {
    const { socket, write } = open();
    const all = Array.from({ length: 1000 }, (_, number) => String(number));
    for (const text of all) write(text);
    let done = 0;
    deliveries.empty(socket, () => done++);
    for (let before = 0; received.length < all.length; clock.runNext()) {
      const inSlice = received.length - before;
      ok(inSlice > 0 && inSlice <= MOST_IN_A_SLICE, `${inSlice} in a slice`);
      before = received.length;
      equal(done, 0);
    }
    deepEqual(received, all);
    while (clock.pending > 0) clock.runNext();
    equal(done, 1);
  });

  it("of a port that was bound anew wait for what its last socket still holds; those of others do not", () => {
    let isHeld = true;
    const old = open({ isHeld: () => isHeld });
    const next = open();
    const other = open({ port: 41235 });
    old.write("old");
    deliveries.empty(old.socket, () => undefined);
    next.write("new");
    other.write("other");
    deliveries.wake([next.socket, other.socket]);
    clock.runNext();
    deepEqual(received, ["other"]);
    isHeld = false;
    clock.runNext();
    deepEqual(received, ["other", "old", "new"]);
    equal(clock.pending, 0);
  });

  it("are told of at once where nothing was left", () => {
    let done = 0;
    deliveries.empty(open().socket, () => done++);
    equal(done, 1);
    equal(clock.pending, 0);
  });
});
