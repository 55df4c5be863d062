import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import { type Denial, type Grant, isDenial } from "../../../nodes/lib/access/grant";
import { type JwtOptions, JwtVerifier } from "../../../nodes/lib/access/jwt-verifier";
import { FakeClock } from "../../support/fake-clock";

const SECRET = "a secret of more than thirty-two bytes";

/** Tokens are made by hand, so that they can be wrong in every way. */
function encoded(part: unknown): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

function hs256(payload: unknown, header: object = { alg: "HS256" }, secret: string | Buffer = SECRET): string {
  const signed = `${encoded(header)}.${encoded(payload)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

function signedBy(key: KeyObject, hash: string | null, alg: string, payload: unknown, header: object = {}): string {
  const signed = `${encoded({ alg, ...header })}.${encoded(payload)}`;
  const signature = sign(hash, Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

describe("JSON Web Token verifier", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const otherRsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ed25519 = generateKeyPairSync("ed25519");
  let clock: FakeClock;
  let errors: unknown[];
  let now: number;

  beforeEach(() => {
    clock = new FakeClock();
    now = clock.wallTime() / 1000;
    errors = [];
  });

  afterEach(() => {
    assert.deepEqual(errors, []);
    assert.equal(clock.pending, 0, "a timer was left");
  });

  function verifier(options: Partial<JwtOptions> = {}): JwtVerifier {
    return new JwtVerifier({ algorithm: "HS256", key: SECRET, ...options }, (error) => errors.push(error), clock);
  }

  function pem({ publicKey }: { publicKey: KeyObject }): string {
    return publicKey.export({ type: "spki", format: "pem" }).toString();
  }

  function claims(changes: object = {}): object {
    return { sub: "hall", exp: now + 60, topics: ["plant/#", "weather"], ...changes };
  }

  function granted(verdict: Grant | Denial): Grant {
    assert.ok(!isDenial(verdict), inspect(verdict));
    return verdict;
  }

  async function denied(verdict: Promise<Grant | Denial>, sentence: RegExp): Promise<void> {
    const found = await verdict;
    assert.ok(isDenial(found), inspect(found));
    assert.equal(found.status, 401);
    assert.match(found.denied, sentence);
  }

  it("grants the topics of a claim until the token expires", async () => {
    const { name, filters, expiresAt } = granted(await verifier().verdict(hs256(claims())));
    assert.deepEqual([name, filters], ["hall", ["plant/#", "weather"]]);
    assert.equal(expiresAt, (now + 60 + 5) * 1000);
  });

  const algorithms = [
    ["RS256", rsa, "sha256"],
    ["ES256", p256, "sha256"],
    ["EdDSA", ed25519, null],
  ] as const;
  for (const [algorithm, pair, hash] of algorithms) {
    it(`checks the signature of ${algorithm}`, async () => {
      const verifies = verifier({ algorithm, key: pem(pair) });
      const token = signedBy(pair.privateKey, hash, algorithm, claims());
      assert.deepEqual(granted(await verifies.verdict(token)).filters, ["plant/#", "weather"]);
      const [header, , signature] = token.split(".");
      const forged = [header, encoded(claims({ topics: ["#"] })), signature].join(".");
      await denied(verifies.verdict(forged), /signature that does not match/);
    });
  }

  describe("algorithm", () => {
    it("does not take a token without a signature", async () => {
      for (const alg of ["none", "None", "NONE", "nOnE", ""]) {
        const unsigned = `${encoded({ alg })}.${encoded(claims())}.`;
        await denied(verifier().verdict(unsigned), /is not signed with HS256|not a valid JSON Web Token/);
        await denied(verifier({ algorithm: "RS256", key: pem(rsa) }).verdict(unsigned), /not signed|not a valid/);
      }
      const [header, payload] = hs256(claims()).split(".");
      await denied(verifier().verdict(`${header}.${payload}.`), /signature|not a valid/);
    });

    it("does not take an RSA public key for a secret because the header says so", async () => {
      const key = pem(rsa);
      for (const secret of [key, key.trim(), rsa.publicKey.export({ type: "spki", format: "der" })]) {
        const forged = hs256(claims(), { alg: "HS256" }, secret);
        await denied(verifier({ algorithm: "RS256", key }).verdict(forged), /is not signed with RS256/);
        const claimed = hs256(claims(), { alg: "RS256" }, secret);
        await denied(verifier({ algorithm: "RS256", key }).verdict(claimed), /signature that does not match/);
      }
    });

    it("does not take another of its own algorithms", async () => {
      const token = signedBy(p256.privateKey, "sha256", "ES256", claims());
      await denied(verifier({ algorithm: "RS256", key: pem(rsa) }).verdict(token), /is not signed with RS256/);
      await denied(verifier().verdict(token), /is not signed with HS256/);
      await denied(
        verifier({ algorithm: "ES256", key: pem(p256) }).verdict(hs256(claims())),
        /is not signed with ES256/,
      );
    });

    it("does not take a key that the token brings along", async () => {
      const jwk = otherRsa.publicKey.export({ format: "jwk" });
      const token = signedBy(otherRsa.privateKey, "sha256", "RS256", claims(), { jwk, jku: "http://127.0.0.1/" });
      await denied(verifier({ algorithm: "RS256", key: pem(rsa) }).verdict(token), /signature that does not match/);
    });

    it("does not take extensions that it does not know", async () => {
      const header = { alg: "HS256", crit: ["b64"], b64: false };
      await denied(verifier().verdict(hs256(claims(), header)), /not a valid JSON Web Token/);
      await denied(verifier().verdict(hs256(claims(), { alg: "HS256", crit: ["x"], x: 1 })), /not a valid/);
    });

    it("does not take an empty signature of an elliptic curve", async () => {
      const signed = `${encoded({ alg: "ES256" })}.${encoded(claims())}`;
      const zeros = Buffer.alloc(64).toString("base64url");
      await denied(verifier({ algorithm: "ES256", key: pem(p256) }).verdict(`${signed}.${zeros}`), /does not match/);
    });
  });

  describe("key set", () => {
    const jwk = ({ publicKey }: { publicKey: KeyObject }, kid: string) => ({
      ...publicKey.export({ format: "jwk" }),
      kid,
    });
    const key = JSON.stringify({ keys: [jwk(rsa, "old"), jwk(otherRsa, "new")] });

    it("chooses the key that the token names", async () => {
      const verifies = verifier({ algorithm: "RS256", key });
      const token = signedBy(otherRsa.privateKey, "sha256", "RS256", claims(), { kid: "new" });
      granted(await verifies.verdict(token));
      const mixedUp = signedBy(otherRsa.privateKey, "sha256", "RS256", claims(), { kid: "old" });
      await denied(verifies.verdict(mixedUp), /does not match/);
    });

    it("denies a token that names no key, or one it does not have", async () => {
      const verifies = verifier({ algorithm: "RS256", key });
      for (const header of [{}, { kid: "other" }, { kid: 1 }, { kid: "__proto__" }, { kid: null }]) {
        const token = signedBy(rsa.privateKey, "sha256", "RS256", claims(), header);
        await denied(verifies.verdict(token), /a key that is not known here/);
      }
    });

    it("takes its only key when the key or the token has no name", async () => {
      const named = verifier({ algorithm: "RS256", key: JSON.stringify(jwk(rsa, "one")) });
      granted(await named.verdict(signedBy(rsa.privateKey, "sha256", "RS256", claims())));
      const nameless = verifier({ algorithm: "RS256", key: pem(rsa) });
      granted(await nameless.verdict(signedBy(rsa.privateKey, "sha256", "RS256", claims(), { kid: "x" })));
    });
  });

  describe("times", () => {
    it("tolerates a few seconds between clocks", async () => {
      granted(await verifier().verdict(hs256(claims({ exp: now - 4, nbf: now + 5 }))));
      await denied(verifier().verdict(hs256(claims({ exp: now - 5 }))), /has expired/);
      await denied(verifier().verdict(hs256(claims({ nbf: now + 6 }))), /is not valid yet \(nbf\)/);
    });

    it("wants an expiry unless it is told not to", async () => {
      await denied(verifier().verdict(hs256(claims({ exp: undefined }))), /has no valid expiry \(exp\)/);
      const { expiresAt } = granted(
        await verifier({ requireExpiry: false }).verdict(hs256(claims({ exp: undefined }))),
      );
      assert.equal(expiresAt, undefined);
    });

    it("denies times that are none", async () => {
      for (const exp of ["2030", "1e9", null, true, {}, [now + 60], 1e300]) {
        await denied(verifier().verdict(hs256(claims({ exp }))), /has no valid expiry|has expired/);
      }
      const infinite = hs256(`{"exp":1e999,"topics":["#"]}`);
      await denied(verifier().verdict(infinite), /has no valid expiry/);
      await denied(verifier().verdict(hs256(claims({ nbf: "soon" }))), /nbf/);
    });
  });

  it("checks issuer and audience when they are set", async () => {
    const verifies = verifier({ issuer: "https://id.example", audience: "sensorcast" });
    const iss = "https://id.example";
    granted(await verifies.verdict(hs256(claims({ iss, aud: "sensorcast" }))));
    granted(await verifies.verdict(hs256(claims({ iss, aud: ["other", "sensorcast"] }))));
    await denied(verifies.verdict(hs256(claims({ iss, aud: "other" }))), /another audience \(aud\)/);
    await denied(verifies.verdict(hs256(claims({ iss, aud: "sensorcast2" }))), /another audience/);
    await denied(verifies.verdict(hs256(claims({ iss }))), /another audience/);
    await denied(
      verifies.verdict(hs256(claims({ iss: `${iss}.evil.com`, aud: "sensorcast" }))),
      /another issuer \(iss\)/,
    );
    await denied(verifies.verdict(hs256(claims({ aud: "sensorcast" }))), /another issuer/);
  });

  describe("topics", () => {
    it("come as a list, or as one text with spaces between", async () => {
      const topics = async (value: unknown) =>
        granted(await verifier().verdict(hs256(claims({ topics: value })))).filters;
      assert.deepEqual(await topics("plant/#  weather"), ["plant/#", "weather"]);
      assert.deepEqual(await topics(["a b", "c", "c"]), ["a b", "c"]);
    });

    it("come from the claim that is configured", async () => {
      const verifies = verifier({ topicsClaim: "https://example.com/read" });
      const token = hs256(claims({ topics: ["#"], "https://example.com/read": ["a"] }));
      assert.deepEqual(granted(await verifies.verdict(token)).filters, ["a"]);
      await denied(verifies.verdict(hs256(claims())), /its claim "https:\/\/example.com\/read" must be a list/);
      await denied(verifier({ topicsClaim: "__proto__" }).verdict(hs256(claims())), /grants no topics/);
      await denied(verifier({ topicsClaim: "constructor" }).verdict(hs256(claims())), /grants no topics/);
    });

    it("give no access when they are missing or any is malformed", async () => {
      const many = Array.from({ length: 65 }, (_, n) => `t${n}`);
      for (const topics of [
        undefined,
        null,
        "",
        " ",
        [],
        [""],
        ["ok", "#/#"],
        ["a+"],
        [1],
        {},
        { 0: "#" },
        true,
        many,
      ]) {
        await denied(verifier().verdict(hs256(claims({ topics }))), /grants no topics/);
      }
      await denied(verifier().verdict(hs256(claims({ topics: ["x".repeat(1025)] }))), /grants no topics/);
    });
  });

  it("names a grant by its subject, as far as that can be shown", async () => {
    const name = async (sub: unknown) => granted(await verifier().verdict(hs256(claims({ sub })))).name;
    assert.equal(await name("a\u0000b\u001b[31m\u202ec"), "ab[31mc");
    assert.equal((await name("x".repeat(1000))).length, 64);
    assert.equal(await name(undefined), "JSON Web Token");
    assert.equal(await name({ toString: 1 }), "JSON Web Token");
  });

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
      assert.ok(!verdict.denied.includes("secret-text"));
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
    clock.advance(800);
    assert.deepEqual(await verdict, { status: 503, denied: "the token could not be checked just now: try again" });
  });

  it("reports what should not happen, and lets nobody in", async () => {
    clock.wallTime = () => Number.NaN;
    const verdict = await verifier().verdict(hs256(claims()));
    assert.deepEqual(verdict, { status: 503, denied: "the token could not be checked just now: try again" });
    assert.equal(errors.length, 1);
    errors = [];
  });

  describe("after a redeploy", () => {
    it("keeps grants while the settings are the same and the token has not expired", async () => {
      const grant = granted(await verifier().verdict(hs256(claims())));
      assert.equal(verifier().holds(grant), true);
      clock.advance(65_000);
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
