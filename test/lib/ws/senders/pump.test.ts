import assert from "node:assert/strict";
import { Pump } from "../../../../nodes/lib/ws/senders/pump";
import { FakeClock } from "../../../support/fake-clock";

describe("pump", () => {
  let clock: FakeClock;
  let rounds: number[];
  let left: number;
  let pump: Pump;

  beforeEach(() => {
    clock = new FakeClock();
    rounds = [];
    left = 0;
    pump = new Pump(() => {
      rounds.push(clock.now());
      return left-- > 0;
    }, clock);
  });

  it("starts at once after a silence, and then rests", () => {
    pump.request();
    clock.advance(1);
    pump.request();
    pump.request();
    clock.advance(10);
    assert.deepEqual(rounds, [0, 4]);
    clock.advance(100);
    pump.request();
    clock.advance(1);
    assert.deepEqual(rounds, [0, 4, 111]);
  });

  it("goes on without a rest while there is more", () => {
    left = 2;
    pump.request();
    clock.advance(1);
    assert.deepEqual(rounds, [0, 0, 0]);
  });

  it("does nothing once it is stopped", () => {
    pump.request();
    pump.stop();
    pump.request();
    clock.advance(100);
    assert.deepEqual(rounds, []);
  });
});
