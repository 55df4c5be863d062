import { deepEqual, equal, match, ok } from "node:assert/strict";
import { AccessError } from "../../../../nodes/lib/access/errors";
import { ConfigError } from "../../../../nodes/lib/config/fields";
import type { StatusLine } from "../../../../nodes/lib/node/status-line";
import { CATALOGUE } from "../../../../nodes/lib/text/catalogue";
import { inEnglish, type Sentence, sentence } from "../../../../nodes/lib/text/sentence";
import type { BroadcastServer } from "../../../../nodes/lib/ws/broadcast-server";
import { BroadcastStatus } from "../../../../nodes/lib/ws/output/broadcast-status";
import { FakeClock } from "../../../support/fake-clock";

const MAX_CHARACTERS = 20;

describe("the status of a broadcast", () => {
  let clock: FakeClock;
  let shown: string[];
  let state: {
    clientCount: number;
    unreachableReason: Sentence | undefined;
    refused: Record<string, number>;
    reason: Sentence;
    isUnwanted: boolean;
  };
  let status: BroadcastStatus;

  beforeEach(() => {
    clock = new FakeClock();
    shown = [];
    const reason = sentence("access.token-unknown");
    state = { clientCount: 0, unreachableReason: undefined, refused: {}, reason, isUnwanted: false };
    const server = {
      get clientCount() {
        return state.clientCount;
      },
      get unreachableReason() {
        return state.unreachableReason;
      },
      counts: () => ({ refused: state.refused }),
      inspector: {
        get isUnwanted() {
          return state.isUnwanted;
        },
        refusals: () => [{ reason: state.reason }],
      },
    } as unknown as BroadcastServer;
    status = new BroadcastStatus({ broadcast: server }, show, clock);
  });

  const show = ({ fill, text }: StatusLine): void => {
    shown.push(`${fill} ${inEnglish(text)}`);
  };

  const shownAfter = (ms: number): string[] => {
    clock.advance(ms);
    return shown.splice(0);
  };

  it("counts the refusals of the last minute, and forgets them", () => {
    deepEqual(shownAfter(1000), ["grey nobody connected"]);
    state.refused = { 401: 7 };
    status.update({ event: "refused" });
    state.refused = { 401: 8, 403: 2 };
    status.update({ event: "refused" });
    deepEqual(shownAfter(1000), ["yellow 1 refused: token", "yellow 4 refused: token"]);
    deepEqual(shownAfter(60_000), ["grey nobody connected"]);
    status.stop();
    equal(clock.pending, 0);
  });

  it("says why in a word, whatever the reason is", () => {
    for (const [key, word] of Object.entries({
      "admission.origin-foreign": "origin",
      "guards.http-node-auth": "login",
      "admission.mode": "request",
      "admission.topics-not-granted": "topics",
    })) {
      state.reason = sentence(key as Sentence["key"]);
      state.refused = { 403: (state.refused[403] ?? 0) + 1500 };
      status.update({ event: "refused" });
      match(shownAfter(1000).at(-1) ?? "", new RegExp(`^yellow \\d+k? refused: ${word}$`));
    }
  });

  it("says that nobody wants what is published, as soon as it is, and only once", () => {
    state.clientCount = 5;
    shownAfter(1000);
    state.isUnwanted = true;
    for (let second = 0; second < 3; second++) {
      status.published();
      clock.advance(1000);
    }
    deepEqual(shown, ["grey nobody connected", "yellow wanted by 0 of 5"].slice(1));
  });

  it("says why there is no server", () => {
    const property = new ConfigError("path", "no path", "a path");
    property.nodeType = "ws-broadcast-server";
    for (const [target, text] of [
      [undefined, "red no server chosen"],
      [{ problem: property }, "red bad path"],
      [{ problem: new AccessError(sentence("access.tokens-not-list")) }, "red bad token or key"],
    ] as const) {
      shown = [];
      new BroadcastStatus(target, show, clock).stop();
      deepEqual(shown, [text]);
    }
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
      status.update({ event: "reachability" });
      clock.advance(1000);
    }
    deepEqual(shown.splice(0).slice(-1), ["red port in use"], "once");
    state.unreachableReason = sentence("publish.no-server");
    status.update({ event: "reachability" });
    deepEqual(shownAfter(1000), ["red server not reachable"]);
  });

  it("never takes more room than there is below a node", () => {
    const longest: Record<string, string> = { clients: "10000", refused: "999", why: "address", property: "Address" };
    for (const [key, text] of Object.entries(CATALOGUE.publish)) {
      const said = text.replace(/__(\w+?)__/g, (_, name: string) => longest[name] ?? name);
      if (key.startsWith("status-")) ok(said.length <= MAX_CHARACTERS, said);
    }
  });
});
