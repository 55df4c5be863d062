import assert from "node:assert/strict";
import type { Attack } from "../../attack";
import { COUNTED_PATH, MAX_PER_ADDRESS, TRUSTED_PROXY } from "../../attacked-flow";

const CLIENTS = 100;
const TOO_MANY = /answered 429/;

/** One household has more addresses than there are people: clients are counted by the network that it was given, a /64. */
export const ipv6Crowds: Attack = async ({ ports: [port] }, crowd) => {
  if (process.platform !== "linux") return;
  const joined = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index) => {
      const headers = { "X-Forwarded-For": `2001:db8:1:2:${index.toString(16)}::${(index * 7).toString(16)}` };
      try {
        await crowd.join({ port, path: COUNTED_PATH, headers }, { localAddress: TRUSTED_PROXY });
        return 1;
      } catch (error) {
        assert.match(String(error), TOO_MANY);
        return 0;
      }
    }),
  );
  assert.equal(
    joined.reduce((sum: number, one) => sum + one, 0),
    MAX_PER_ADDRESS,
  );
};
