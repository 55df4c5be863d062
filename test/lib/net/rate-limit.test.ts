import assert from "node:assert/strict";
import fc from "fast-check";
import { RateLimit } from "../../../nodes/lib/net/rate-limit";
import { FakeClock } from "../../support/fake-clock";

describe("rate limit", () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });

  /** How many of so many attempts succeed. */
  function taken(limit: RateLimit, key: string, attempts: number): number {
    let count = 0;
    for (let attempt = 0; attempt < attempts; attempt++) if (limit.take(key)) count++;
    return count;
  }

  it("lets a burst through, then the rate", () => {
    const limit = new RateLimit({ rate: 10, burst: 5, clock });
    assert.equal(taken(limit, "a", 100), 5);
    clock.advance(99);
    assert.equal(taken(limit, "a", 100), 0);
    clock.advance(1);
    assert.equal(taken(limit, "a", 100), 1);
    clock.advance(250);
    assert.equal(taken(limit, "a", 100), 2);
    clock.advance(60_000);
    assert.equal(taken(limit, "a", 100), 5);
  });

  it("counts each key apart", () => {
    const limit = new RateLimit({ rate: 1, burst: 3, clock });
    assert.equal(taken(limit, "a", 10), 3);
    assert.equal(taken(limit, "b", 10), 3);
    assert.equal(taken(limit, "__proto__", 10), 3);
  });

  it("has a burst of one second by default, and of at least one", () => {
    assert.equal(taken(new RateLimit({ rate: 7, clock }), "a", 100), 7);
    assert.equal(taken(new RateLimit({ rate: 0.2, clock }), "a", 100), 1);
  });

  it("never gives a key more than its burst and its rate", () => {
    const steps = fc.array(fc.tuple(fc.nat(3), fc.double({ min: 0, max: 500, noNaN: true })), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 20 }), steps, (rate, burst, taking) => {
        const clock = new FakeClock();
        const limit = new RateLimit({ rate, burst, clock });
        const counts = [0, 0, 0, 0];
        for (const [key, pause] of taking) {
          clock.advance(pause);
          if (limit.take(String(key))) counts[key] = (counts[key] ?? 0) + 1;
        }
        const most = burst + (clock.now() / 1000) * rate + 0.02;
        for (const count of counts) assert.ok(count <= most, `${count} > ${most}`);
      }),
    );
  });

  it("gives an eager key its whole rate", () => {
    const limit = new RateLimit({ rate: 3, burst: 1, clock });
    let count = 0;
    for (let ms = 0; ms < 60_000; ms++) {
      if (limit.take("a")) count++;
      clock.advance(1);
    }
    assert.ok(count >= 179 && count <= 181, String(count));
  });

  it("remembers no more keys than it may, however many there are", () => {
    const limit = new RateLimit({ rate: 1, maxKeys: 1000, clock });
    for (let n = 0; n < 100_000; n++) {
      limit.take(`spoofed ${n}`);
      if (n % 10 === 0) clock.advance(1);
    }
    assert.equal(limit.size, 1000);
  });

  it("does not forget a drained bucket for a flood of new keys", () => {
    const limit = new RateLimit({ rate: 1, burst: 5, maxKeys: 100, clock });
    assert.equal(taken(limit, "attacker", 10), 5);
    for (let n = 0; n < 10_000; n++) limit.take(`spoofed ${n}`);
    assert.equal(taken(limit, "attacker", 10), 0);
    clock.advance(2000);
    for (let n = 0; n < 10_000; n++) limit.take(`spoofed ${n}`);
    assert.equal(taken(limit, "attacker", 10), 2);
  });

  it("lets unknown keys share one bucket while all known ones refill, and leaves the known ones theirs", () => {
    const limit = new RateLimit({ rate: 1, burst: 4, maxKeys: 10, clock });
    assert.equal(limit.take("honest"), true);
    let flood = 0;
    for (let n = 0; n < 1000; n++) if (limit.take(`spoofed ${n}`)) flood++;
    assert.equal(flood, 9 + 4);
    assert.equal(taken(limit, "honest", 10), 3);
  });

  it("lets a key make up for what it was charged beyond its tokens, for a minute at most", () => {
    const limit = new RateLimit({ rate: 10, clock });
    assert.equal(limit.take("a"), true);
    limit.charge("a", 59);
    clock.advance(5000);
    assert.equal(limit.take("a"), false);
    clock.advance(100);
    assert.equal(taken(limit, "a", 10), 1);
    limit.charge("a", 1_000_000);
    clock.advance(60_000);
    assert.equal(limit.take("a"), false);
    clock.advance(100);
    assert.equal(limit.take("a"), true);
  });

  it("does not let keys in debt keep others from being forgotten", () => {
    const limit = new RateLimit({ rate: 1, burst: 1, maxKeys: 10, clock });
    for (let n = 0; n < 5; n++) {
      limit.take(`debtor ${n}`);
      limit.charge(`debtor ${n}`, 50);
    }
    for (let n = 0; n < 5; n++) limit.take(`known ${n}`);
    clock.advance(1000);
    let newcomers = 0;
    for (let n = 0; n < 6; n++) if (limit.take(`new ${n}`)) newcomers++;
    assert.equal(newcomers, 6, "one of them by the shared bucket, five in place of those that have refilled");
    assert.equal(limit.take("debtor 0"), false);
  });

  it("takes newcomers in again as soon as the key that took longest ago has refilled", () => {
    const limit = new RateLimit({ rate: 1, burst: 1, maxKeys: 2, clock });
    limit.take("a");
    clock.advance(500);
    limit.take("b");
    assert.equal(limit.take("c"), true, "the shared bucket");
    assert.equal(limit.take("d"), false);
    clock.advance(500);
    assert.equal(limit.take("d"), true, "in place of a");
    assert.equal(limit.take("b"), false, "b is still known");
    assert.equal(limit.size, 2);
  });
});
