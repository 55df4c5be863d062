import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { JwtKeyError } from "../../../nodes/lib/access/errors";
import type { JwtAlgorithm } from "../../../nodes/lib/access/jwt-algorithms";
import { readJwtKeys } from "../../../nodes/lib/access/jwt-keys";

const SECRET = "a secret of more than thirty-two bytes";

/** Self-signed, made for this test; its key was thrown away. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIUG2K3TbH1XEnp8EuLRwYhyiKRR9cwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMjMyMTE2MTZaFw0zNjExMjAyMTE2MTZa
MA8xDTALBgNVBAMMBHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR+k37t
AhBP2ny/qqNcw1v8ajWZqB3TGHMV0DFQFDKXs1RC/+lQ0+NcvIYVa+LGuGJsyGMY
3+chzu8UO/6GCpJ0o1MwUTAdBgNVHQ4EFgQULbfCdBLJmLzJ9EUYe4FVUY7Bvxgw
HwYDVR0jBBgwFoAULbfCdBLJmLzJ9EUYe4FVUY7BvxgwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiBlk3+xhHhDVHOERjuYp/N8D5rhDz2+ZQ551VId
h353MQIhAOWZvN/Xo03AGhYwDUW6gkVMQmALA0PC9Udd6TZXD1H8
-----END CERTIFICATE-----
`;

describe("JSON Web Token key", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const shortRsa = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const ed25519 = generateKeyPairSync("ed25519");

  function pem(key: KeyObject): string {
    return key.export({ type: "spki", format: "pem" }).toString();
  }

  function jwk(key: KeyObject, extra: object = {}): string {
    return JSON.stringify({ ...key.export({ format: "jwk" }), ...extra });
  }

  function set(...keys: string[]): string {
    return JSON.stringify({ keys: keys.map((key) => JSON.parse(key)) });
  }

  const secretJwk = JSON.stringify({ kty: "oct", k: Buffer.from(SECRET).toString("base64url"), kid: "s" });

  const accepted: readonly [what: string, text: string, algorithm: JwtAlgorithm, kids: (string | undefined)[]][] = [
    ["a secret", SECRET, "HS256", [undefined]],
    ["a secret as JWK", secretJwk, "HS256", ["s"]],
    ["an RSA key as PEM", pem(rsa.publicKey), "RS256", [undefined]],
    ["an RSA key as JWK", jwk(rsa.publicKey, { kid: "1", alg: "RS256", use: "sig" }), "RS256", ["1"]],
    ["a P-256 key as PEM", pem(p256.publicKey), "ES256", [undefined]],
    ["a P-256 key as JWK", jwk(p256.publicKey, { key_ops: ["verify"] }), "ES256", [undefined]],
    ["an Ed25519 key as PEM", pem(ed25519.publicKey), "EdDSA", [undefined]],
    ["an Ed25519 key as JWK", jwk(ed25519.publicKey, { alg: "Ed25519" }), "EdDSA", [undefined]],
    ["a PEM key on one line", pem(p256.publicKey).replaceAll("\n", " "), "ES256", [undefined]],
    ["a PEM key with written line breaks", pem(p256.publicKey).replaceAll("\n", "\\n"), "ES256", [undefined]],
    [
      "those keys of a set that fit",
      set(
        jwk(rsa.publicKey, { kid: "a" }),
        jwk(p256.publicKey, { kid: "b" }),
        jwk(rsa.publicKey, { kid: "enc", use: "enc" }),
        jwk(rsa.publicKey, { kid: "d" }),
      ),
      "RS256",
      ["a", "d"],
    ],
  ];
  for (const [what, text, algorithm, kids] of accepted) {
    it(`reads ${what}`, () => {
      const keys = readJwtKeys(text, algorithm);
      assert.deepEqual(
        keys.map(({ kid }) => kid),
        kids,
      );
      for (const { key } of keys) assert.equal(key.type, algorithm === "HS256" ? "secret" : "public");
    });
  }

  it("reads a certificate", () => {
    const [key] = readJwtKeys(CERTIFICATE, "ES256");
    assert.equal(key?.key.asymmetricKeyDetails?.namedCurve, "prime256v1");
  });

  const spki = rsa.publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const pkcs1 = rsa.publicKey.export({ type: "pkcs1", format: "der" }).toString("base64");
  const privatePem = rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const encryptedPem = rsa.privateKey
    .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
    .toString();

  const refused: readonly [what: string, text: string, algorithm: JwtAlgorithm, sentence: RegExp][] = [
    ["an RSA public key as a secret", pem(rsa.publicKey), "HS256", /not a secret: HS256 takes a secret/],
    ["an Ed25519 public key as a secret", pem(ed25519.publicKey), "HS256", /not a secret/],
    ["a public key in one line as a secret", pem(rsa.publicKey).replaceAll("\n", ""), "HS256", /not a secret/],
    ["a public key's base64 as a secret", spki, "HS256", /not a secret/],
    ["an old RSA key's base64 as a secret", pkcs1, "HS256", /not a secret/],
    ["a certificate as a secret", CERTIFICATE, "HS256", /not a secret/],
    ["a certificate's base64 as a secret", CERTIFICATE.replace(/-----[^-]+-----|\n/g, ""), "HS256", /not a secret/],
    ["an SSH key as a secret", `ssh-ed25519 ${"A".repeat(68)} me@here`, "HS256", /not a secret/],
    ["a public JWK as a secret", jwk(rsa.publicKey), "HS256", /of another kind/],
    ["a short secret", "x".repeat(31), "HS256", /too short: HS256 takes a secret of at least 32 bytes/],
    ["a short secret as JWK", JSON.stringify({ kty: "oct", k: "AAAA" }), "HS256", /too short/],
    ["a JWK without a secret", JSON.stringify({ kty: "oct" }), "HS256", /too short/],
    ["nothing", "  ", "RS256", /must not be empty: RS256 takes an RSA public key of at least 2048 bits/],
    ["a secret for RS256", SECRET, "RS256", /cannot be read: RS256/],
    ["a secret JWK for RS256", secretJwk, "RS256", /of another kind/],
    ["a P-256 key for RS256", pem(p256.publicKey), "RS256", /of another kind: RS256/],
    ["a P-256 JWK for RS256", jwk(p256.publicKey), "RS256", /of another kind/],
    ["a short RSA key", pem(shortRsa.publicKey), "RS256", /at least 2048 bits/],
    ["a short RSA JWK", jwk(shortRsa.publicKey), "RS256", /at least 2048 bits/],
    ["an RSA key for ES256", pem(rsa.publicKey), "ES256", /curve P-256/],
    ["a key on P-384 for ES256", pem(p384.publicKey), "ES256", /curve P-256/],
    ["a JWK on P-384 for ES256", jwk(p384.publicKey), "ES256", /curve P-256/],
    ["an RSA key for EdDSA", pem(rsa.publicKey), "EdDSA", /Ed25519/],
    ["a private key", privatePem, "RS256", /a private one: give the public key/],
    ["an encrypted private key", encryptedPem, "RS256", /a private one/],
    ["a private JWK", jwk(ed25519.privateKey), "EdDSA", /a private one/],
    ["a JWK for another algorithm", jwk(rsa.publicKey, { alg: "PS256" }), "RS256", /for another use/],
    ["a JWK for encryption", jwk(rsa.publicKey, { use: "enc" }), "RS256", /for another use/],
    ["a JWK for signing only", jwk(rsa.publicKey, { key_ops: ["sign"] }), "RS256", /for another use/],
    ["a JWK that is not on its curve", jwk(p256.publicKey, { x: "AAAA" }), "ES256", /cannot be read/],
    ["a set without a key that fits", set(jwk(p256.publicKey)), "RS256", /the JWK set has no key for RS256/],
    ["an empty set", '{"keys":[]}', "RS256", /the JWK set has no key/],
    ["a set of nonsense", '{"keys":[null,1,"x"]}', "RS256", /the JWK set has no key/],
    ["too many keys", JSON.stringify({ keys: Array(33).fill({}) }), "RS256", /at most 32 keys/],
    ["broken JSON", '{"kty":', "RS256", /begins like a JWK but is not JSON/],
    ["a list", "[]", "RS256", /of another kind/],
    ["PEM with a broken body", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "RS256", /cannot be read/],
  ];
  for (const [what, text, algorithm, sentence] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => readJwtKeys(text, algorithm),
        (error) => error instanceof JwtKeyError && sentence.test(error.message) && !error.message.includes(SECRET),
      );
    });
  }
});
