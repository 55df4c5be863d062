import assert from "node:assert/strict";
import { upgradeRequest } from "../../../support/raw-http";
import type { Attack } from "../../attack";
import { GUARDED_PATH, SECRETS } from "../../attacked-flow";
import { spread } from "../../crowd";

const GREEDY = 60;
const FILTERS = 64;
const LEVELS = 20;
const ACCEPTED = 101;
const REFUSED = /^the upgrade was answered (429|503)$/;
const ELSEWHERE = process.platform === "linux" ? "127.0.3.1" : "127.0.0.1";

/** One token asks for as many filters as it can, until it gets no more. Other tokens and other addresses still do. */
export const greedyFilters: Attack = async ({ ports: [port] }, crowd) => {
  await spread(GREEDY, 500, async (index) => {
    const filters = Array.from({ length: FILTERS }, (_, filter) => `topic=g${index}-${filter}${"/a".repeat(LEVELS)}`);
    const path = `${GUARDED_PATH}?token=${SECRETS.otherToken}&${filters.join("&")}`;
    const joined = crowd.join({ port, path });
    await joined.catch(({ message }: Error) => assert.match(message, REFUSED));
  });
  const others: readonly [whose: string, path: string, localAddress: string][] = [
    ["another token", `${GUARDED_PATH}?token=${SECRETS.token}`, "127.0.0.1"],
    ["another token, from elsewhere", `${GUARDED_PATH}?token=${SECRETS.token}`, ELSEWHERE],
    ["nobody's filter", "/ws?topic=a/b/c", ELSEWHERE],
  ];
  for (const [whose, path, localAddress] of others) {
    assert.equal(await crowd.ask(port, upgradeRequest({ port, path }), { localAddress }), ACCEPTED, whose);
  }
};
