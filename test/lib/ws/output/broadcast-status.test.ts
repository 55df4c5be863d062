import { deepEqual, equal, ok } from "node:assert/strict";
import { CATALOGUE } from "../../../../nodes/lib/text/catalogue";
import { inEnglish, type Sentence, sentence } from "../../../../nodes/lib/text/sentence";
import type { BroadcastServer } from "../../../../nodes/lib/ws/broadcast-server";
import { BroadcastStatus } from "../../../../nodes/lib/ws/output/broadcast-status";
import { FakeClock } from "../../../support/fake-clock";

const MAX_CHARACTERS = 20;

describe("the status of a broadcast", () => {
  let clock: FakeClock;
  let shown: string[];
  let state: { clientCount: number; unreachableReason: Sentence | undefined; refused: Record<string, number> };
  let status: BroadcastStatus;

  beforeEach(() => {
    clock = new FakeClock();
    shown = [];
    state = { clientCount: 0, unreachableReason: undefined, refused: {} };
    const server = {
      get clientCount() {
        return state.clientCount;
      },
      get unreachableReason() {
        return state.unreachableReason;
      },
      counts: () => ({ refused: state.refused }),
    } as unknown as BroadcastServer;
    status = new BroadcastStatus(server, ({ fill, text }) => shown.push(`${fill} ${inEnglish(text)}`), clock);
  });

  const shownAfter = (ms: number): string[] => {
    clock.advance(ms);
    return shown.splice(0);
  };

  it("counts the refusals of the last minute, and forgets them", () => {
    deepEqual(shownAfter(1000), ["grey 0 clients"]);
    state.refused = { 401: 7 };
    status.update({ event: "refused" });
    state.refused = { 401: 8, 403: 2 };
    status.update({ event: "refused" });
    deepEqual(shownAfter(1000), ["yellow 1 refused", "yellow 4 refused"]);
    deepEqual(shownAfter(60_000), ["grey 0 clients"]);
    status.stop();
    equal(clock.pending, 0);
  });

  it("does not speak of them while somebody is connected", () => {
    state.clientCount = 2;
    state.refused = { 401: 1 };
    shownAfter(1000);
    status.update({ event: "refused" });
    deepEqual(shownAfter(1000), ["green 2 clients"]);
  });

  it("says why the server cannot be reached, also when the reason comes with advice", () => {
    const reason = sentence("endpoint.port-in-use", { port: sentence("endpoint.port", { port: 80, host: "::" }) });
    for (const unreachable of [reason, sentence("endpoint.choose-another", { problem: reason })]) {
      state.unreachableReason = unreachable;
      status.update({ event: "reachability" });
      equal(shownAfter(1000).at(-1), "red port in use");
    }
    state.unreachableReason = sentence("publish.no-server");
    status.update({ event: "reachability" });
    deepEqual(shownAfter(1000), ["red server not reachable"]);
  });

  it("never takes more room than there is below a node", () => {
    for (const [key, text] of Object.entries(CATALOGUE.publish)) {
      if (key.startsWith("status-")) ok(text.replace(/__\w+__/, "10000").length <= MAX_CHARACTERS, text);
    }
  });
});
