import assert from "node:assert/strict";
import { TokenListError } from "../../../nodes/lib/access/errors";
import { publicTokens } from "../../../nodes/lib/access/public-tokens";
import { parseTokenList, parseTokens, tokenWarnings } from "../../../nodes/lib/access/token-list";
import { TokenSet } from "../../../nodes/lib/access/token-set";

const SECRET = "correct-horse-battery-staple";
const good = { name: "display", token: SECRET, filters: ["plant/#"] };

import { inEnglish } from "../../../nodes/lib/text/sentence";

describe("token list", () => {
  it("reads tokens with filters and expiry", () => {
    const list = parseTokenList([
      good,
      { name: " hall ", token: "x".repeat(20), filters: ["a", "a"], expires: "2030-12-31" },
    ]);
    assert.deepEqual(list, [
      { ...good, expiresAt: undefined },
      { name: "hall", token: "x".repeat(20), filters: ["a"], expiresAt: Date.UTC(2030, 11, 31) },
    ]);
    assert.deepEqual(parseTokenList([]), []);
  });

  it("reads the filters under the name topics too, and the list as JSON text", () => {
    const list = [{ name: "display", token: SECRET, topics: ["plant/#"] }];
    for (const saved of [list, JSON.stringify(list)]) {
      assert.deepEqual(parseTokens(saved), [{ ...good, expiresAt: undefined }]);
    }
    for (const nothing of [undefined, null, "", " "]) assert.deepEqual(parseTokens(nothing), []);
  });

  it("does not repeat a text that is no JSON", () => {
    assert.throws(
      () => parseTokens(SECRET),
      (error: Error) => error instanceof TokenListError && !error.message.includes("correct"),
    );
  });

  it("is shown without the tokens, and is as good when saved back like that", () => {
    const shown = publicTokens({ tokens: [{ ...good, expires: "2030-12-31" }] });
    assert.ok(!JSON.stringify(shown).includes(SECRET));
    assert.deepEqual(
      shown.map(({ name, topics, expires }) => [name, topics, expires]),
      [["display", ["plant/#"], "2030-12-31T00:00:00.000Z"]],
    );
    assert.deepEqual(publicTokens({ tokens: JSON.stringify(shown) }), shown);
    const grant = new TokenSet(parseTokens(shown)).verdict(SECRET);
    assert.ok("id" in grant && new TokenSet(parseTokens([{ ...good, expires: "2030-12-31" }])).holds(grant));
    assert.deepEqual(publicTokens({ tokens: "no JSON" }), []);
  });

  const expiries: readonly [expires: unknown, time: number | undefined][] = [
    ["2030-12-31T18:00Z", Date.UTC(2030, 11, 31, 18)],
    ["2030-12-31T18:00:30.250+01:00", Date.UTC(2030, 11, 31, 17, 0, 30, 250)],
    [1_900_000_000_000, 1_900_000_000_000],
    ["", undefined],
    [null, undefined],
  ];
  for (const [expires, time] of expiries) {
    it(`takes ${JSON.stringify(expires)} as an expiry`, () => {
      assert.equal(parseTokenList([{ ...good, expires }])[0]?.expiresAt, time);
    });
  }

  const wrong: readonly [what: string, saved: unknown, sentence: RegExp][] = [
    ["no list", { name: "a" }, /the tokens must be a list/],
    ["an entry that is none", [null], /token 1 must have a name, a token and topic filters/],
    ["a missing name", [{ ...good, name: "  " }], /token 1 must have a name/],
    ["a long name", [{ ...good, name: "n".repeat(65) }], /at most 64 characters/],
    ["one name twice", [good, { ...good, token: "other" }], /the name "display" is given to more than one token/],
    ["one token twice", [good, { ...good, name: "twin" }], /the tokens "display" and "twin" are the same/],
    ["an empty token", [{ ...good, token: "" }], /the token "display" must not be empty/],
    ["a token that is no text", [{ ...good, token: 12345 }], /"display" must not be empty/],
    ["a token with a space", [{ ...good, token: `${SECRET} ` }], /printable ASCII characters, without spaces/],
    ["a token beyond ASCII", [{ ...good, token: `${SECRET}é` }], /printable ASCII/],
    ["a huge token", [{ ...good, token: "x".repeat(8193) }], /at most 8192 characters/],
    ["no filters", [{ ...good, filters: [] }], /at least one topic filter: # lets it read every topic/],
    ["filters that are no list", [{ ...good, filters: "#" }], /at least one topic filter/],
    [
      "too many filters",
      [{ ...good, filters: Array.from({ length: 65 }, (_, n) => `f${n}`) }],
      /at most 64 topic filters/,
    ],
    [
      "a bad filter",
      [{ ...good, filters: ["ok", "#/#"] }],
      /not valid: "#\/#" may have "#" only as its whole last level/,
    ],
    ["a filter that is no text", [{ ...good, filters: [7] }], /not valid: 7 must be text/],
    ["an expiry in words", [{ ...good, expires: "next week" }], /expiry of the token "display" must be a date such as/],
    ["a day that does not exist", [{ ...good, expires: "2030-02-30" }], /must be a date/],
    ["an hour that does not exist", [{ ...good, expires: "2030-02-20T25:00Z" }], /must be a date/],
    ["an expiry beyond time", [{ ...good, expires: 1e300 }], /must be a date/],
    ["an expiry of NaN", [{ ...good, expires: Number.NaN }], /must be a date/],
  ];
  for (const [what, saved, sentence] of wrong) {
    it(`refuses ${what}, without telling the token`, () => {
      assert.throws(
        () => parseTokenList(saved),
        (error) => error instanceof TokenListError && sentence.test(error.message) && !error.message.includes(SECRET),
      );
    });
  }

  it("warns of tokens that are easy to guess or that a browser cannot send in a header", () => {
    const list = parseTokenList([
      good,
      { ...good, name: "short", token: "abc" },
      { ...good, name: "slash", token: `${SECRET}/=` },
    ]);
    const warnings = tokenWarnings(list).map(inEnglish);
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? "", /"short" is easy to guess: use at least 16 random characters/);
    assert.match(warnings[1] ?? "", /"slash" cannot be sent as a subprotocol/);
    assert.ok(!warnings.join().includes(SECRET));
  });
});
