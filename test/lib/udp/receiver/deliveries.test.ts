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

  function open({ isHeld = (): boolean => false } = {}): {
    socket: ThreadSocket;
    write(text: string): void;
  } {
    const memory = ringMemory(1024 * 1024);
    const link = {
      call: () => ({ address: "0.0.0.0", port: 41234, family: "IPv4" }),
      close: () => undefined,
      resume: () => deliveries.wake([socket]),
      flush: () => deliveries.flush(socket),
    };
    const socket: ThreadSocket = new ThreadSocket(link, memory, isHeld);
    socket.bind({ port: 41234, exclusive: true });
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

  it("of a socket that is held wait, and those of others do not; one that holds nothing is told of at once", () => {
    let isHeld = true;
    const held = open({ isHeld: () => isHeld });
    const other = open();
    held.write("held");
    let done = 0;
    deliveries.empty(held.socket, () => done++);
    other.write("other");
    deliveries.wake([other.socket]);
    clock.runNext();
    deepEqual([received, done], [["other"], 0]);
    deliveries.empty(open({ isHeld: () => true }).socket, () => done++);
    equal(done, 1);
    isHeld = false;
    clock.runNext();
    deepEqual([received, done, clock.pending], [["other", "held"], 2, 0]);
  });

  it("of a socket that is paused come once it is resumed; until then nothing is tried, and nobody waits for them", () => {
    const old = open();
    const next = open();
    old.write("old");
    old.socket.pause();
    let done = 0;
    deliveries.empty(old.socket, () => done++);
    equal(clock.pending, 0);
    next.write("new");
    deliveries.wake([next.socket]);
    deepEqual(received, ["new"]);
    old.socket.resume();
    deepEqual([received, done, clock.pending], [["new", "old"], 1, 0]);
  });

  it("of a socket that is paused while they go out stop", () => {
    const { socket, write } = open();
    for (let n = 0; n < 100; n++) write(String(n));
    deliveries.wake([socket]);
    const before = received.length;
    ok(before > 0 && before < 100);
    socket.pause();
    clock.runNext();
    deepEqual([received.length, clock.pending], [before, 0]);
    socket.resume();
    while (clock.pending > 0) clock.runNext();
    equal(received.length, 100);
  });

  it("of a socket that is flushed come at once, all of them, held or not", () => {
    const { socket, write } = open({ isHeld: () => true });
    for (let n = 0; n < 100; n++) write(String(n));
    socket.pause();
    let done = 0;
    deliveries.empty(socket, () => done++);
    socket.flush();
    deepEqual([received.length, done, clock.pending], [100, 1, 0]);
  });

  it("are told of at once where nothing was left", () => {
    let done = 0;
    deliveries.empty(open().socket, () => done++);
    equal(done, 1);
    equal(clock.pending, 0);
  });
});
