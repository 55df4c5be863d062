import assert from "node:assert/strict";
import fc from "fast-check";
import { RestingTopics } from "../../../../../nodes/lib/ws/hub/feeds/resting-topics";

const PERIOD_MS = 100;

describe("resting topics", () => {
  it("rest for a period each, in whatever batches they were sent", () => {
    const batch = fc.record({ after: fc.integer({ min: 1, max: 150 }), topics: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(batch), (batches) => {
        const resting = new RestingTopics(PERIOD_MS);
        let sent: { slot: number; dueAt: number }[] = [];
        let now = 0;
        let slot = 0;
        for (const { after, topics } of batches) {
          now += after;
          resting.release(now);
          sent = sent.filter(({ dueAt }) => dueAt > now);
          for (let i = 0; i < topics; i++) {
            slot = (slot + 7) % 1000;
            if (resting.slots.has(slot)) continue;
            resting.add(slot);
            sent.push({ slot, dueAt: now + PERIOD_MS });
          }
          resting.close(now);
          assert.equal(resting.slots.size, sent.length);
          for (const { slot } of sent) assert.ok(resting.slots.has(slot));
          assert.equal(resting.dueAt, sent[0]?.dueAt ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });
});
