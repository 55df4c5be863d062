import assert from "node:assert/strict";
import { ParkedServers } from "../../../nodes/lib/ws/parked-servers";
import { FakeClock } from "../../support/fake-clock";

describe("parked servers", () => {
  let clock: FakeClock;
  let ended: string[];
  let parkedServers: ParkedServers<string>;
  beforeEach(() => {
    clock = new FakeClock();
    ended = [];
    parkedServers = new ParkedServers((running) => ended.push(running), clock);
  });

  it("gives the successor of a node what was running, once", () => {
    parkedServers.park("a", "running");
    assert.equal(
      parkedServers.take("b", () => true),
      undefined,
    );
    assert.equal(
      parkedServers.take("a", () => true),
      "running",
    );
    assert.equal(
      parkedServers.take("a", () => true),
      undefined,
    );
    parkedServers.endAll();
    clock.advance(60_000);
    assert.deepEqual(ended, []);
  });

  it("ends what cannot be reused", () => {
    parkedServers.park("a", "running");
    assert.equal(
      parkedServers.take("a", (running) => running !== "running"),
      undefined,
    );
    assert.deepEqual(ended, ["running"]);
  });

  it("ends what no successor comes for, at the latest after a while", () => {
    parkedServers.park("a", "first");
    parkedServers.park("b", "second");
    parkedServers.endAll();
    assert.deepEqual(ended, ["first", "second"]);
    parkedServers.park("c", "third");
    clock.advance(5000);
    assert.deepEqual(ended, ["first", "second", "third"]);
    assert.equal(clock.pending, 0);
  });
});
