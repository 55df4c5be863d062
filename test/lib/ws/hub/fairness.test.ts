import assert from "node:assert/strict";
import type { HubClient } from "../../../../nodes/lib/ws/hub/hub-client";
import { FakeClock } from "../../../support/fake-clock";
import { FakeFrameSink } from "../../../support/fake-frame-sink";
import { SUBSCRIPTION, TestHub } from "../../../support/test-hub";

const CLIENTS = 50;
const PASSES = 200;

describe("fairness among the clients of the hub", () => {
  let clock: FakeClock;
  let hub: TestHub;
  /** Who was written to, in order, in the pass that has just run. */
  let written: number[];
  let clients: HubClient[];

  beforeEach(() => {
    clock = new FakeClock();
    hub = new TestHub({ clock });
    written = [];
  });

  afterEach(() => hub.close());

  function joinAll(filters: (i: number) => string[]): void {
    clients = Array.from({ length: CLIENTS }, (_, i) => {
      const sink = new FakeFrameSink();
      const write = sink.write.bind(sink);
      sink.write = (frames) => {
        written.push(i);
        return write(frames);
      };
      return hub.hub.join(sink, { ...SUBSCRIPTION, replay: false, filters: filters(i) });
    });
    clock.advance(10);
  }

  function pass(): void {
    written = [];
    hub.publish("t", "x");
    clock.advance(20);
  }

  for (const [kind, filters] of [
    ["the same filters", () => []],
    ["filters of their own", (i: number) => ["t", `own/${i}`]],
  ] as const) {
    it(`has each of those with ${kind} wait as long as the others, on average`, () => {
      joinAll(filters);
      const waits = new Array<number>(CLIENTS).fill(0);
      for (let i = 0; i < PASSES; i++) {
        pass();
        assert.equal(new Set(written).size, CLIENTS);
        for (const [place, client] of written.entries()) waits[client] = (waits[client] as number) + place + 1;
      }
      const median = [...waits].sort((a, b) => a - b)[CLIENTS / 2] as number;
      assert.ok(Math.max(...waits) <= 1.15 * median, `${Math.max(...waits)} to a median of ${median}`);
    });
  }

  it("comes to nobody much later than in the pass before", () => {
    joinAll(() => []);
    pass();
    for (let i = 0; i < PASSES; i++) {
      const before = written;
      pass();
      const later = written.map((client, place) => place - before.indexOf(client));
      assert.ok(Math.max(...later) <= 2, `a client comes ${Math.max(...later)} places later`);
    }
  });

  it("forgets nobody when others leave while a pass is under way", () => {
    joinAll(() => []);
    const leaving = clients.filter((_, i) => i % 3 === 0);
    const [first] = clients as [HubClient];
    for (let next = leaving.pop(); next !== undefined; next = leaving.pop()) {
      const leaver = next;
      const { sink } = clients[leaver === first ? 1 : 0] as HubClient;
      const { write } = sink;
      sink.write = (frames) => {
        hub.leave(leaver);
        return write(frames);
      };
      pass();
      sink.write = write;
      const stayed = clients.flatMap((client, i) => (client.hasLeft ? [] : [i]));
      for (const i of stayed) assert.equal(written.filter((each) => each === i).length, 1);
    }
  });

  it("forgets nobody when others join while a pass is under way", () => {
    joinAll(() => []);
    for (let i = 0; i < 10; i++) {
      const { sink } = clients[i * 5] as HubClient;
      const { write } = sink;
      sink.write = (frames) => {
        hub.join({ replay: false });
        return write(frames);
      };
      pass();
      sink.write = write;
      assert.equal(new Set(written).size, CLIENTS);
      assert.equal(written.length, CLIENTS);
    }
  });
});
