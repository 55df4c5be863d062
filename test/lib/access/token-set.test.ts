import assert from "node:assert/strict";
import { inspect } from "node:util";
import { type Grant, isDenial } from "../../../nodes/lib/access/grant";
import type { ListedToken } from "../../../nodes/lib/access/token-list";
import { TokenSet } from "../../../nodes/lib/access/token-set";
import { sentence } from "../../../nodes/lib/text/sentence";
import { FakeClock } from "../../support/fake-clock";

const SECRET = "correct-horse-battery-staple";

describe("token set", () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });

  function listed(changes: Partial<ListedToken> = {}): ListedToken {
    return { name: "display", token: SECRET, filters: ["plant/#", "weather"], expiresAt: undefined, ...changes };
  }

  function grantOf(set: TokenSet, token = SECRET): Grant {
    const verdict = set.verdict(token);
    assert.ok(!isDenial(verdict));
    return verdict;
  }

  it("grants what is listed with a token", () => {
    const set = new TokenSet([listed({ name: "other", token: "0".repeat(20), filters: ["x"] }), listed()], clock);
    const { name, filters, expiresAt } = grantOf(set);
    assert.deepEqual(
      { name, filters, expiresAt },
      { name: "display", filters: ["plant/#", "weather"], expiresAt: undefined },
    );
    assert.deepEqual(grantOf(set, "0".repeat(20)).filters, ["x"]);
  });

  it("denies every other token", () => {
    const set = new TokenSet([listed()], clock);
    for (const token of ["", SECRET.slice(1), `${SECRET} `, SECRET.toUpperCase(), "__proto__", "x".repeat(1 << 20)]) {
      assert.deepEqual(set.verdict(token), { status: 401, denied: sentence("access.token-unknown") });
    }
    assert.ok(isDenial(new TokenSet([], clock).verdict("")));
  });

  it("denies an expired token", () => {
    const set = new TokenSet([listed({ expiresAt: clock.wallTime() + 1000 })], clock);
    const grant = grantOf(set);
    assert.equal(set.holds(grant), true);
    clock.advance(1000);
    assert.deepEqual(set.verdict(SECRET), { status: 401, denied: sentence("access.token-expired"), isKnown: true });
    assert.equal(set.holds(grant), false);
  });

  describe("after a redeploy", () => {
    const later = 1_900_000_000_000;
    const cases: readonly [what: string, now: ListedToken[], holds: boolean][] = [
      ["is unchanged", [listed()], true],
      ["was renamed", [listed({ name: "new name" })], true],
      ["has its filters in another order", [listed({ filters: ["weather", "plant/#"] })], true],
      ["stands among others", [listed({ name: "other", token: "y".repeat(20) }), listed()], true],
      ["was removed", [], false],
      ["has another text", [listed({ token: `${SECRET}!` })], false],
      ["has fewer filters", [listed({ filters: ["weather"] })], false],
      ["has more filters", [listed({ filters: ["plant/#", "weather", "x"] })], false],
      ["has got an expiry", [listed({ expiresAt: later })], false],
    ];
    for (const [what, now, holds] of cases) {
      it(`${holds ? "keeps" : "ends"} the grant of a token that ${what}`, () => {
        const grant = grantOf(new TokenSet([listed()], clock));
        assert.equal(new TokenSet(now, clock).holds(grant), holds);
      });
    }

    it("ends the grants of another token's clients only", () => {
      const other = listed({ name: "other", token: "y".repeat(20) });
      const before = new TokenSet([listed(), other], clock);
      const grants = [grantOf(before), grantOf(before, other.token)];
      const after = new TokenSet([listed(), { ...other, filters: ["less"] }], clock);
      assert.deepEqual(
        grants.map((grant) => after.holds(grant)),
        [true, false],
      );
    });
  });

  it("shows no token in any form", () => {
    const set = new TokenSet([listed()], clock);
    const shown = [set, grantOf(set), set.verdict("wrong")].flatMap((value) => [
      inspect(value, { depth: 9, showHidden: true }),
      String(JSON.stringify(value)),
      String(value),
      Object.getOwnPropertyNames(value).join(),
    ]);
    for (const text of shown) assert.ok(!text.includes(SECRET) && !text.includes("horse"), text);
  });
});
