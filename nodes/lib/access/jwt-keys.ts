import { createPublicKey, createSecretKey, type JsonWebKey, type KeyObject, X509Certificate } from "node:crypto";
import { type MessageKey, sentence } from "../text/sentence";
import { JwtKeyError } from "./errors";
import type { JwtAlgorithm } from "./jwt-algorithms";

/** RFC 7518, section 3.2. */
const MIN_SECRET_BYTES = 32;
/** RFC 7518, section 3.3. */
const MIN_RSA_BITS = 2048;
const MAX_KEYS = 32;

/** A key that tokens may be signed with. */
export interface JwtKey {
  readonly key: KeyObject;
  /** Name by which a token chooses among several. */
  readonly kid: string | undefined;
}

/**
 * Reads the key or keys that tokens are checked with: for HS256 a secret text (trimmed) or a JWK of type `oct`; else a public key as
 * PEM (SPKI or certificate), JWK or JWK set. What is a public key by its form is never taken for a secret: whoever knows
 * it, that is everybody, could then sign tokens.
 * @throws {JwtKeyError}
 */
export function readJwtKeys(text: string, algorithm: JwtAlgorithm): readonly JwtKey[] {
  const trimmed = text.trim();
  if (trimmed === "") throw wrongKey("access.key-empty", algorithm);
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) return readJwks(trimmed, algorithm);
  if (algorithm === "HS256") {
    if (isPublic(trimmed)) throw wrongKey("access.key-not-secret", "HS256");
    return [{ key: secretKey(Buffer.from(trimmed)), kid: undefined }];
  }
  return [{ key: publicKey(rewrapped(trimmed), algorithm), kid: undefined }];
}

/** @param key of the message, which ends with what is accepted instead */
function wrongKey(key: MessageKey, algorithm: JwtAlgorithm): JwtKeyError {
  const min = algorithm === "HS256" ? MIN_SECRET_BYTES : MIN_RSA_BITS;
  return new JwtKeyError(sentence(key, { accepted: sentence(`access.key-accepted-${algorithm}`, { min }), algorithm }));
}

function secretKey(bytes: Buffer): KeyObject {
  if (bytes.length < MIN_SECRET_BYTES) throw wrongKey("access.key-secret-short", "HS256");
  return createSecretKey(bytes);
}

/** Also without the lines around it: the bare base64 of a key or a certificate. */
function isPublic(text: string): boolean {
  if (text.includes("-----BEGIN") || /^(ssh|ecdsa|sk)-\S+ /.test(text)) return true;
  const der = Buffer.from(text, "base64");
  return (
    canBeRead(() => createPublicKey({ key: der, format: "der", type: "spki" })) ||
    canBeRead(() => createPublicKey({ key: der, format: "der", type: "pkcs1" })) ||
    canBeRead(() => new X509Certificate(der))
  );
}

function canBeRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

/** Text fields and environment variables make one line of a PEM key, or write its line breaks as `\n`. */
function rewrapped(pem: string): string {
  const [, label, body] = /^-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/s.exec(pem) ?? [];
  if (label === undefined || body === undefined) return pem;
  const lines = body.replace(/\\n|\s/g, "").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function publicKey(source: string | JsonWebKey, algorithm: JwtAlgorithm): KeyObject {
  const isPrivate = typeof source === "string" ? source.includes("PRIVATE KEY") : source.d !== undefined;
  if (isPrivate) throw new JwtKeyError(sentence("access.key-private"));
  let key: KeyObject;
  try {
    key = createPublicKey(typeof source === "string" ? source : { key: source, format: "jwk" });
  } catch {
    throw wrongKey("access.key-unreadable", algorithm);
  }
  if (!fits(key, algorithm)) throw wrongKey("access.key-other-kind", algorithm);
  return key;
}

function fits({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject, algorithm: JwtAlgorithm): boolean {
  if (algorithm === "RS256") return type === "rsa" && (details?.modulusLength ?? 0) >= MIN_RSA_BITS;
  if (algorithm === "ES256") return type === "ec" && details?.namedCurve === "prime256v1";
  return algorithm === "EdDSA" && type === "ed25519";
}

function readJwks(json: string, algorithm: JwtAlgorithm): readonly JwtKey[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new JwtKeyError(sentence("access.key-not-json"));
  }
  const isSet = isObject(parsed) && Array.isArray(parsed.keys);
  const jwks: unknown[] = isSet ? (parsed as { keys: unknown[] }).keys : [parsed];
  if (jwks.length > MAX_KEYS) throw new JwtKeyError(sentence("access.key-too-many", { max: MAX_KEYS }));
  // A set may hold keys for other purposes; a single key must be the right one.
  const usable = isSet ? jwks.filter((jwk) => isObject(jwk) && isMeantFor(jwk, algorithm)) : jwks;
  if (usable.length === 0) throw wrongKey("access.key-none-usable", algorithm);
  return usable.map((jwk) => {
    if (!isObject(jwk) || !isMeantFor(jwk, algorithm)) {
      throw wrongKey("access.key-other-use", algorithm);
    }
    const key =
      algorithm === "HS256"
        ? secretKey(Buffer.from(String(jwk.k), "base64url"))
        : publicKey(jwk as JsonWebKey, algorithm);
    return { key, kid: typeof jwk.kid === "string" ? jwk.kid : undefined };
  });
}

/** RFC 7517, sections 4.1 to 4.4. */
function isMeantFor(jwk: Record<string, unknown>, algorithm: JwtAlgorithm): boolean {
  const { kty, crv } = KINDS[algorithm];
  return (
    jwk.kty === kty &&
    (crv === undefined || jwk.crv === crv) &&
    (jwk.alg === undefined || jwk.alg === algorithm || (jwk.alg === "Ed25519" && algorithm === "EdDSA")) &&
    (jwk.use === undefined || jwk.use === "sig") &&
    (jwk.key_ops === undefined || (Array.isArray(jwk.key_ops) && jwk.key_ops.includes("verify")))
  );
}

const KINDS: Readonly<Record<JwtAlgorithm, { kty: string; crv?: string }>> = {
  HS256: { kty: "oct" },
  RS256: { kty: "RSA" },
  ES256: { kty: "EC", crv: "P-256" },
  EdDSA: { kty: "OKP", crv: "Ed25519" },
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
