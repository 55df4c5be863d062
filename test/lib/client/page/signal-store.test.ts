import assert from "node:assert/strict";
import type { Signal } from "../../../../nodes/lib/client/page/signal";
import { SignalStore } from "../../../../nodes/lib/client/page/signal-store";

/** As many as are kept. */
const MOST = 10_000;
const START = 1_700_000_000_000;

describe("store of signals", () => {
  let now: number;
  let added: string[];
  let removed: string[];
  let store: SignalStore;

  const take = (topic: string, time = now, payload: unknown = 1): void =>
    store.take({ topic, payload, time } as Parameters<SignalStore["take"]>[0]);
  const fill = (): void => {
    for (let n = 0; n < MOST; n++) take(`topic${n}`);
  };

  beforeEach(() => {
    now = START;
    added = [];
    removed = [];
    const listener = {
      added: ({ label }: Signal) => added.push(label),
      changed: () => undefined,
      removed: ({ label }: Signal) => removed.push(label),
    };
    store = new SignalStore(listener, () => now);
  });

  it("has a signal of each field, which keeps what came", () => {
    take("motor", now, { rpm: 1500, oil: { ok: false } });
    take("motor", now + 100, { rpm: 1600 });
    assert.deepEqual(added, ["motor › rpm", "motor › oil.ok"]);
    assert.deepEqual([store.size, store.topicCount], [2, 1]);
    const [rpm] = store;
    assert.deepEqual([rpm?.value, rpm?.series.length], [1600, 2]);
  });

  it("takes no more while all that it has are alive", () => {
    fill();
    assert.equal(store.isFull, false);
    take("one more");
    assert.deepEqual([store.size, store.isFull, added.length, removed.length], [MOST, true, MOST, 0]);
    take("topic0", now, 2);
    const [first] = store;
    assert.equal(first?.value, 2);
  });

  it("lets the stalest give way, oldest first", () => {
    for (let n = 0; n < MOST; n++) take(`topic${n}`, START - n);
    now += 20_000;
    take("topic9999");
    take("one more");
    assert.equal(removed[0], "topic9998");
    assert.ok(!removed.includes("topic9999") && !removed.includes("topic0"), "only the oldest have given way");
    assert.deepEqual([added.at(-1), store.isFull], ["one more", false]);
  });

  it("looks for those that are stale at most once a second, however many new topics come", () => {
    fill();
    now += 20_000;
    take("first");
    const gaveWay = removed.length;
    assert.ok(gaveWay > 1 && gaveWay < MOST / 2);
    for (let n = 1; n < gaveWay; n++) take(`new${n}`);
    take("too early");
    assert.deepEqual([removed.length, store.isFull, added.includes("too early")], [gaveWay, true, false]);
    now += 1000;
    take("in time");
    assert.deepEqual([removed.length, store.isFull, added.includes("in time")], [2 * gaveWay, false, true]);
  });

  it("keeps fewer points of each, the more there are", () => {
    fill();
    for (let n = 1; n <= 2000; n++) for (const topic of ["topic0", "topic9999"]) take(topic, now + n);
    const signals = [...store];
    assert.deepEqual([signals[0]?.series.length, signals.at(-1)?.series.length], [1200, 240]);
  });

  it("forgets all when it is cleared", () => {
    fill();
    take("one more");
    store.clear();
    assert.deepEqual([store.size, store.topicCount, store.isFull, removed.length], [0, 0, false, MOST]);
  });
});
