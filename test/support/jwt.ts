import assert from "node:assert/strict";
import { createHmac, type KeyObject, sign } from "node:crypto";
import { inspect } from "node:util";
import { type Denial, type Grant, isDenial } from "../../nodes/lib/access/grant";
import { type JwtOptions, JwtVerifier } from "../../nodes/lib/access/jwt-verifier";
import { inEnglish } from "../../nodes/lib/text/sentence";
import { FakeClock } from "./fake-clock";

export const SECRET = "a secret of more than thirty-two bytes";

/** Tokens are made by hand, so that they can be wrong in every way. */
export function encoded(part: unknown): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

export function hs256(payload: unknown, header: object = { alg: "HS256" }, secret: string | Buffer = SECRET): string {
  const signed = `${encoded(header)}.${encoded(payload)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** @param hash as `crypto.sign` takes it */
export function signedBy(
  { key, alg, hash }: { key: KeyObject; alg: string; hash: string | null },
  payload: unknown,
  header: object = {},
): string {
  const signed = `${encoded({ alg, ...header })}.${encoded(payload)}`;
  const signature = sign(hash, Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

export function pem({ publicKey }: { publicKey: KeyObject }): string {
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

export function granted(verdict: Grant | Denial): Grant {
  assert.ok(!isDenial(verdict), inspect(verdict));
  return verdict;
}

export async function denied(verdict: Promise<Grant | Denial>, sentence: RegExp): Promise<void> {
  const found = await verdict;
  assert.ok(isDenial(found), inspect(found));
  assert.equal(found.status, 401);
  assert.match(inEnglish(found.denied), sentence);
}

/** Makes verifiers on one clock, and tokens that are good for a minute of it. */
export class JwtBench {
  readonly clock = new FakeClock();
  /** What the verifiers reported as errors of their own. */
  errors: unknown[] = [];

  /** In seconds since the epoch. */
  get now(): number {
    return this.clock.wallTime() / 1000;
  }

  readonly verifier = (options: Partial<JwtOptions> = {}): JwtVerifier => {
    const settings = { algorithm: "HS256", key: SECRET, ...options } as const;
    return new JwtVerifier(settings, (error) => this.errors.push(error), this.clock);
  };

  readonly claims = (changes: object = {}): object => {
    return { sub: "hall", exp: this.now + 60, topics: ["plant/#", "weather"], ...changes };
  };

  assertClean(): void {
    assert.deepEqual(this.errors, []);
    assert.equal(this.clock.pending, 0, "a timer was left");
  }
}
