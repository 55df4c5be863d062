import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import { isDenial } from "../../../nodes/lib/access/grant";
import type { JwtOptions } from "../../../nodes/lib/access/jwt-verifier";
import { inEnglish, sentence } from "../../../nodes/lib/text/sentence";
import { denied, encoded, granted, hs256, JwtBench, pem, SECRET } from "../../support/jwt";

describe("JSON Web Token verifier", () => {
  const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
  let bench: JwtBench;
  const verifier = (options?: Partial<JwtOptions>) => bench.verifier(options);
  const claims = (changes?: object) => bench.claims(changes);

  beforeEach(() => {
    bench = new JwtBench();
  });

  afterEach(() => bench.assertClean());

  it("denies what is no token, without repeating it", async () => {
    const tokens = [
      "",
      ".",
      "..",
      "...",
      "a.b.c",
      "secret-text",
      `${hs256(claims())}.x.y`,
      hs256("[]"),
      hs256("no JSON"),
    ];
    tokens.push(`${hs256(claims())} `, hs256(claims()).replaceAll(".", "\n"), `${encoded("{")}.${encoded("{}")}.AAAA`);
    for (const token of tokens) {
      const verdict = await verifier().verdict(token);
      assert.ok(isDenial(verdict), token);
      assert.equal(verdict.status, 401);
      assert.ok(!inEnglish(verdict.denied).includes("secret-text"));
    }
    await denied(verifier().verdict("x".repeat(1 << 20)), /longer than 8192 bytes/);
  });

  it("denies any text, and any signed header and payload, without an error of its own", async () => {
    const verifies = verifier();
    const parts = fc.oneof(
      fc.string(),
      fc.tuple(fc.json(), fc.json()).map(([header, payload]) => `${encoded(header)}.${encoded(payload)}.AAAA`),
      fc.json().map((payload) => hs256(payload)),
      fc
        .dictionary(fc.constantFrom("kid", "typ", "crit", "b64", "zip", "x5c", "enc"), fc.jsonValue())
        .map((header) => hs256({ topics: 1 }, { ...header, alg: "HS256" })),
    );
    await fc.assert(
      fc.asyncProperty(parts, async (token) => {
        const verdict = await verifies.verdict(token);
        assert.ok(isDenial(verdict) && verdict.status === 401);
      }),
    );
  });

  it("answers in time even when the check does not end", async () => {
    const verdict = verifier().verdict(hs256(claims()));
    bench.clock.advance(800);
    assert.deepEqual(await verdict, { status: 503, denied: sentence("access.token-unchecked") });
  });

  it("reports what should not happen, and lets nobody in", async () => {
    bench.clock.wallTime = () => Number.NaN;
    const verdict = await verifier().verdict(hs256(claims()));
    assert.deepEqual(verdict, { status: 503, denied: sentence("access.token-unchecked") });
    assert.equal(bench.errors.length, 1);
    bench.errors = [];
  });

  describe("after a redeploy", () => {
    it("keeps grants while the settings are the same and the token has not expired", async () => {
      const grant = granted(await verifier().verdict(hs256(claims())));
      assert.equal(verifier().holds(grant), true);
      bench.clock.advance(65_000);
      assert.equal(verifier().holds(grant), false);
    });

    it("ends them when any setting has changed", async () => {
      const grant = granted(await verifier().verdict(hs256(claims())));
      const changes: Partial<JwtOptions>[] = [
        { key: `${SECRET}!` },
        { algorithm: "ES256", key: pem(p256) },
        { audience: "x" },
        { issuer: "x" },
        { topicsClaim: "x" },
        { requireExpiry: false },
      ];
      for (const change of changes) assert.equal(verifier(change).holds(grant), false, inspect(change));
    });
  });

  it("shows no key in any form", () => {
    const verifies = verifier();
    const shown = [inspect(verifies, { depth: 9, showHidden: true }), JSON.stringify(verifies), String(verifies)];
    for (const text of shown) assert.ok(!text.includes(SECRET), text);
  });
});
