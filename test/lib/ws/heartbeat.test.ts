import assert from "node:assert/strict";
import { type Beating, type Every, Heartbeat } from "../../../nodes/lib/ws/heartbeat";

const TICKS_PER_INTERVAL = 32;

class FakeMember implements Beating {
  alive = true;
  beats = 0;
  terminated = 0;
  beat(): boolean {
    this.beats++;
    return this.alive;
  }
  terminate(): void {
    this.terminated++;
  }
}

describe("heartbeat", () => {
  let tick: () => void;
  let intervalMs: number;
  let running: boolean;
  const every: Every = (ms, run) => {
    intervalMs = ms;
    tick = run;
    running = true;
    return () => {
      running = false;
    };
  };
  const ticks = (count: number): void => {
    for (let n = 0; n < count; n++) tick();
  };

  it("beats every member once per interval, spread over the ticks", () => {
    const heartbeat = new Heartbeat(3200, every);
    const members = Array.from({ length: 320 }, () => new FakeMember());
    for (const member of members) heartbeat.add(member);
    assert.equal(intervalMs, 100);
    tick();
    assert.equal(members.filter((member) => member.beats === 1).length, 10);
    ticks(TICKS_PER_INTERVAL - 1);
    assert.ok(members.every((member) => member.beats === 1 && member.terminated === 0));
  });

  it("terminates a member that is silent, and no other", () => {
    const heartbeat = new Heartbeat(3200, every);
    const [silent, alive] = [new FakeMember(), new FakeMember()];
    heartbeat.add(silent);
    heartbeat.add(alive);
    ticks(TICKS_PER_INTERVAL);
    silent.alive = false;
    ticks(TICKS_PER_INTERVAL);
    assert.equal(silent.terminated, 1);
    assert.equal(alive.terminated, 0);
  });

  it("forgets a member that has left, also while the others are visited", () => {
    const heartbeat = new Heartbeat(3200, every);
    const member = new FakeMember();
    const leave = heartbeat.add(member);
    leave();
    ticks(TICKS_PER_INTERVAL);
    assert.equal(member.beats, 0);
  });

  it("stops its timer", () => {
    new Heartbeat(3200, every).stop();
    assert.equal(running, false);
  });
});
