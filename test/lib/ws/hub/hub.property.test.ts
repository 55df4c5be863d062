import fc from "fast-check";
import { FILTERS, GRANTS, HubModel, type Step, TOPICS } from "./hub-model";

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("publish" as const),
      topic: fc.nat(TOPICS.length - 1),
      bytes: fc.nat(3000),
      times: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("join" as const),
      filters: fc.nat(FILTERS.length - 1),
      grant: fc.nat(GRANTS.length - 1),
      mode: fc.constantFrom("stream" as const, "latest" as const),
      every: fc.constantFrom(0, 0, 20),
      replay: fc.boolean(),
      back: fc.option(fc.nat(60)),
      history: fc.option(fc.integer({ min: 1, max: 8 })),
      inflates: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("stall" as const, "drain" as const, "pong" as const, "leave" as const),
      client: fc.nat(9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("forget" as const), topic: fc.nat(TOPICS.length - 1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 60 }) }) },
);

describe("hub accounting", () => {
  it("holds offered = delivered + conflated + dropped + pending after every step, and tells what really happened", function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.constantFrom(4096, 65536),
        fc.constantFrom(6, 10_000),
        (steps, logBytes, maxTopics) => {
          const run = new HubModel(logBytes, maxTopics);
          try {
            for (const next of steps) {
              run.perform(next);
              run.check();
            }
            run.settle();
          } finally {
            run.hub.close();
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
