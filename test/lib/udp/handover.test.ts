import { deepEqual, equal } from "node:assert/strict";
import { inEnglish } from "../../../nodes/lib/text/sentence";
import type { Arrival } from "../../../nodes/lib/udp/datagram-queue";
import { Handover, type Stay } from "../../../nodes/lib/udp/handover";
import type { SocketRequest } from "../../../nodes/lib/udp/socket/socket-lease";
import { FakeClock } from "../../support/fake-clock";
import { REQUEST } from "../../support/pool-under-test";

const KEPT_MS = 10_000;

function arrivals(...texts: string[]): Arrival[] {
  return texts.map((text) => ({ bytes: Buffer.from(text), sender: { address: "192.0.2.1", port: 9 }, time: 0 }));
}

function textsOf({ inherited }: Stay): string[] {
  return inherited.map(({ bytes }) => String(bytes));
}

describe("a handover", () => {
  let clock: FakeClock;
  let notices: string[];
  let handover: Handover;

  beforeEach(() => {
    clock = new FakeClock();
    notices = [];
    handover = new Handover({ clock, notice: (notice) => notices.push(inEnglish(notice)) });
  });

  const enter = (id: string, changes: Partial<SocketRequest> = {}): Stay =>
    handover.enter({ request: { ...REQUEST, ...changes }, id });

  it("gives what waits in an input to its successor, once and in order", () => {
    const first = enter("a");
    deepEqual(textsOf(first), []);
    first.leave(arrivals("1", "2"));
    const second = enter("a");
    deepEqual(textsOf(second), ["1", "2"]);
    second.leave([]);
    deepEqual(textsOf(enter("a")), []);
    equal(clock.pending, 0);
  });

  it("gives each of several on one port its own", () => {
    const [a, b, idle] = [enter("a"), enter("b"), enter("idle")];
    idle.leave([]);
    a.leave(arrivals("of a"));
    b.leave(arrivals("of b"));
    deepEqual([textsOf(enter("idle")), textsOf(enter("b")), textsOf(enter("a"))], [[], ["of b"], ["of a"]]);
    equal(clock.pending, 0);
  });

  it("gives one that is stopped alone its own, while others on its port go on", () => {
    enter("other");
    enter("a").leave(arrivals("1"));
    deepEqual(textsOf(enter("a")), ["1"]);
  });

  it("gives what waited in one that was alone to any that listens there next", () => {
    enter("old").leave(arrivals("1"));
    deepEqual(textsOf(enter("new")), ["1"]);
    deepEqual(textsOf(enter("old")), []);
    equal(clock.pending, 0);
  });

  it("gives nothing to one that listens for something else", () => {
    enter("a").leave(arrivals("1"));
    deepEqual(textsOf(enter("a", { port: 5001 })), []);
    deepEqual(textsOf(enter("a", { address: "127.0.0.1" })), []);
    deepEqual(textsOf(enter("a", { groups: ["239.1.1.1"] })), []);
    deepEqual(textsOf(enter("a")), ["1"]);
  });

  it("drops what nobody comes for after a while, and says how much that was", () => {
    enter("a", { address: "127.0.0.1" }).leave(arrivals("1", "2"));
    clock.advance(KEPT_MS - 1);
    deepEqual(notices, []);
    clock.advance(1);
    deepEqual(notices, [
      "2 datagrams that waited in a node at port 5000 on 127.0.0.1 were dropped: no other has taken its place",
    ]);
    deepEqual(textsOf(enter("a", { address: "127.0.0.1" })), []);
  });

  it("keeps it anew with each deploy", () => {
    for (let deploy = 0; deploy < 3; deploy++) {
      const { inherited, leave } = enter("a");
      leave([...inherited, ...arrivals(`${deploy}`)]);
      clock.advance(KEPT_MS - 1);
    }
    deepEqual(textsOf(enter("a")), ["0", "1", "2"]);
    deepEqual(notices, []);
  });
});
