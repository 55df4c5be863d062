import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { JwtOptions } from "../../../nodes/lib/access/jwt-verifier";
import { denied, encoded, granted, hs256, JwtBench, pem, signedBy } from "../../support/jwt";

describe("signature of a JSON Web Token", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const otherRsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ed25519 = generateKeyPairSync("ed25519");
  let bench: JwtBench;
  const verifier = (options?: Partial<JwtOptions>) => bench.verifier(options);
  const claims = (changes?: object) => bench.claims(changes);

  beforeEach(() => {
    bench = new JwtBench();
  });

  afterEach(() => bench.assertClean());

  const algorithms = [
    ["RS256", rsa, "sha256"],
    ["ES256", p256, "sha256"],
    ["EdDSA", ed25519, null],
  ] as const;
  for (const [algorithm, pair, hash] of algorithms) {
    it(`checks the signature of ${algorithm}`, async () => {
      const verifies = verifier({ algorithm, key: pem(pair) });
      const token = signedBy({ key: pair.privateKey, hash, alg: algorithm }, claims());
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
      const token = signedBy({ key: p256.privateKey, hash: "sha256", alg: "ES256" }, claims());
      await denied(verifier({ algorithm: "RS256", key: pem(rsa) }).verdict(token), /is not signed with RS256/);
      await denied(verifier().verdict(token), /is not signed with HS256/);
      await denied(
        verifier({ algorithm: "ES256", key: pem(p256) }).verdict(hs256(claims())),
        /is not signed with ES256/,
      );
    });

    it("does not take a key that the token brings along", async () => {
      const jwk = otherRsa.publicKey.export({ format: "jwk" });
      const token = signedBy({ key: otherRsa.privateKey, hash: "sha256", alg: "RS256" }, claims(), {
        jwk,
        jku: "http://127.0.0.1/",
      });
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
      const token = signedBy({ key: otherRsa.privateKey, hash: "sha256", alg: "RS256" }, claims(), { kid: "new" });
      granted(await verifies.verdict(token));
      const mixedUp = signedBy({ key: otherRsa.privateKey, hash: "sha256", alg: "RS256" }, claims(), { kid: "old" });
      await denied(verifies.verdict(mixedUp), /does not match/);
    });

    it("denies a token that names no key, or one it does not have", async () => {
      const verifies = verifier({ algorithm: "RS256", key });
      for (const header of [{}, { kid: "other" }, { kid: 1 }, { kid: "__proto__" }, { kid: null }]) {
        const token = signedBy({ key: rsa.privateKey, hash: "sha256", alg: "RS256" }, claims(), header);
        await denied(verifies.verdict(token), /a key that is not known here/);
      }
    });

    it("takes its only key when the key or the token has no name", async () => {
      const named = verifier({ algorithm: "RS256", key: JSON.stringify(jwk(rsa, "one")) });
      granted(await named.verdict(signedBy({ key: rsa.privateKey, hash: "sha256", alg: "RS256" }, claims())));
      const nameless = verifier({ algorithm: "RS256", key: pem(rsa) });
      granted(
        await nameless.verdict(signedBy({ key: rsa.privateKey, hash: "sha256", alg: "RS256" }, claims(), { kid: "x" })),
      );
    });
  });
});
