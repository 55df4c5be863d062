import assert from "node:assert/strict";
import { Heartbeat, type Pingable } from "../../../../nodes/lib/ws/clients/heartbeat";
import { FakeClock } from "../../../support/fake-clock";

const INTERVAL_MS = 3200;

class FakeMember implements Pingable {
  alive = true;
  beats = 0;
  terminated = 0;
  ping(): boolean {
    this.beats++;
    return this.alive;
  }
  terminate(): void {
    this.terminated++;
  }
}

describe("heartbeat", () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });

  it("beats every member once per interval, spread over the ticks", () => {
    const heartbeat = new Heartbeat(INTERVAL_MS, clock);
    const members = Array.from({ length: 320 }, () => new FakeMember());
    for (const member of members) heartbeat.add(member);
    clock.advance(100);
    assert.equal(members.filter((member) => member.beats === 1).length, 10);
    clock.advance(INTERVAL_MS - 100);
    assert.ok(members.every((member) => member.beats === 1 && member.terminated === 0));
  });

  it("terminates a member that is silent, and no other", () => {
    const heartbeat = new Heartbeat(INTERVAL_MS, clock);
    const [silent, alive] = [new FakeMember(), new FakeMember()];
    heartbeat.add(silent);
    heartbeat.add(alive);
    clock.advance(INTERVAL_MS);
    silent.alive = false;
    clock.advance(INTERVAL_MS);
    assert.equal(silent.terminated, 1);
    assert.equal(alive.terminated, 0);
  });

  it("forgets a member that has left, also while the others are visited", () => {
    const heartbeat = new Heartbeat(INTERVAL_MS, clock);
    const member = new FakeMember();
    heartbeat.add(member);
    heartbeat.remove(member);
    clock.advance(INTERVAL_MS);
    assert.equal(member.beats, 0);
  });

  it("stops its timer", () => {
    new Heartbeat(INTERVAL_MS, clock).stop();
    assert.equal(clock.pending, 0);
  });
});
