import assert from "node:assert/strict";
import { upgradeRequest } from "../../../support/raw-http";
import { type Attack, assertAnswered } from "../../attack";
import { spread } from "../../crowd";

/** With 64 filters each, 100 000. */
const CLIENTS = 1563;
const WITHIN_MS = 1500;
const FILTERS_ACCEPTED = 64;
const LEVELS = 100;

const TOO_LARGE = 431;
const REFUSED = 400;
const ACCEPTED = 101;
/** Too many filters, or too many who ask at once: refused, too late, or cut off by a neighbour who gives an upgrade one second (0). */
const TOO_MANY = /answered (429|503|408|0)$/;

/** Queries, and what each is answered. */
const QUERIES: readonly (readonly [query: string, status: number])[] = [
  ["topic=a&".repeat(100_000), TOO_LARGE],
  [`topic=${"a".repeat(64 * 1024)}`, TOO_LARGE],
  [`topic=${"a".repeat(10 * 1024)}`, REFUSED],
  [`topic=${"/".repeat(1000)}`, REFUSED],
  [Array.from({ length: 1000 }, (_, i) => `topic=${i}`).join("&"), REFUSED],
  ["&".repeat(10_000), ACCEPTED],
  ["topic=a&".repeat(1000), ACCEPTED],
  ["topic=", REFUSED],
  ["topic=%23/%23", REFUSED],
  ["topic=a%23", REFUSED],
  ["topic=%2B%2B", REFUSED],
  ["topic=%00", REFUSED],
  ["topic=%", REFUSED],
  ["topic=%FF", REFUSED],
  ["topic=%ED%A0%80", REFUSED],
  ["topic=$share/a/b", REFUSED],
  ["topic=__proto__", ACCEPTED],
  ["topic=constructor/prototype&topic=__proto__/toString&topic=hasOwnProperty", ACCEPTED],
  ["__proto__=1", ACCEPTED],
  ["constructor.__proto__=1", REFUSED],
  ["constructor=1", REFUSED],
  ["hasOwnProperty", REFUSED],
  ["mode=__proto__", REFUSED],
  ["mode=latest&mode=stream", REFUSED],
  ["every=-1", REFUSED],
  ["every=1e9", REFUSED],
  ["every=99999999999999999999", REFUSED],
  ["since=__proto__.0", ACCEPTED],
  ["since=a.99999999999999999999", REFUSED],
  [`since=${"a".repeat(1000)}.1`, REFUSED],
  ["envelope=true", REFUSED],
];

/** What a URL can ask for, besides what it should, and as much of it as the server accepts. */
export const hostileUrls: Attack = async ({ ports }, crowd) => {
  await Promise.all(
    ports.flatMap((port) =>
      QUERIES.map(async ([query, status]) => {
        const answer = await crowd.ask(port, upgradeRequest({ port, path: `/ws?${query}` }));
        assertAnswered(answer, status, query.slice(0, 60));
      }),
    ),
  );
  await spread(CLIENTS, WITHIN_MS, async (index) => {
    const port = ports[index % 2 === 0 ? 0 : 1];
    const joined = crowd.join({ port, path: `/ws?${wildFilters(index)}` });
    await joined.catch(({ message }: Error) => assert.match(message, TOO_MANY));
  });
};

/** The most filters that are accepted, of many levels, like no other client's: each matches in as many ways as can be. */
function wildFilters(seed: number): string {
  const filters = Array.from({ length: FILTERS_ACCEPTED }, (_, filter) => {
    const levels = Array.from(
      { length: LEVELS },
      (_, level) => ((seed >> (level % 16)) & 1) ^ ((filter >> (level % 6)) & 1),
    );
    return `topic=${levels.map((level) => (level === 0 ? "a" : "%2B")).join("/")}`;
  });
  return filters
    .join("&")
    .slice(0, 15_000)
    .replace(/&[^&]*$/, "");
}
