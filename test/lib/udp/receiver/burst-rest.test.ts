import assert from "node:assert/strict";
import { BurstRest } from "../../../../nodes/lib/udp/receiver/burst-rest";

/** A thread that is woken for all that came since it went to wait, as long as it rests when it is told to. */
function restsOf(datagramsPerMs: number, { bytes = 100, turns = 200 } = {}): number[] {
  const rest = new BurstRest();
  const turnMs = Math.max(1 / datagramsPerMs, 0.05);
  const rests: number[] = [];
  let now = 1000;
  let came = 0;
  for (let turn = 0; turn < turns; turn++) {
    now += turnMs;
    const due = Math.floor((now - 1000) * datagramsPerMs);
    const read = Math.min(due - came, 32);
    for (let n = 0; n < read; n++) rest.add(bytes);
    came += read;
    const restMs = rest.next(now);
    rests.push(restMs);
    now += restMs;
  }
  return rests;
}

describe("Rests of a thread that receives", () => {
  for (const perMs of [0.02, 0.3, 1, 5, 10, 15]) {
    it(`are none with ${perMs * 1000} datagrams a second`, () => {
      assert.ok(restsOf(perMs).every((ms) => ms === 0));
    });
  }

  it("are of a millisecond, again and again, with 25 000 datagrams a second", () => {
    const rests = restsOf(25).slice(50);
    assert.ok(rests.every((ms) => ms === 1));
  });

  it("are none while there may be more to read already", () => {
    const rest = new BurstRest();
    const next = (datagrams: number, now: number): number => {
      for (let n = 0; n < datagrams; n++) rest.add(100);
      return rest.next(now);
    };
    assert.equal(next(32, 1), 0);
    assert.equal(next(32, 2), 0);
    assert.equal(next(31, 3), 1);
    assert.equal(next(32, 4), 0);
  });

  it("are none where datagrams are large", () => {
    assert.ok(restsOf(25, { bytes: 8000 }).every((ms) => ms === 0));
  });

  it("end with the burst", () => {
    const rest = new BurstRest();
    for (let now = 0; now < 5; now++) {
      for (let n = 0; n < 25; n++) rest.add(100);
      rest.next(now);
    }
    rest.add(100);
    assert.equal(rest.next(6), 0);
    rest.add(100);
    assert.equal(rest.next(8), 0);
  });
});
