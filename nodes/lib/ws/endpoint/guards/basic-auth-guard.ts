import { createHash } from "node:crypto";
import { addressBlock } from "../../../net/ip-address";
import { RateLimit } from "../../../net/rate-limit";
import { sentence } from "../../../text/sentence";
import type { Clock } from "../../../time/clock";
import { Refusal } from "../../admission/refusal";
import type { UpgradeGuard } from "../../admission/upgrade-guard";
import { findBcrypt } from "./bcrypt";

/** A bcrypt hash takes some 20 ms of the event loop, so guesses are limited: of one address by rate, of all by number. */
const GUESSES = { rate: 2, burst: 10 };
const MAX_CHECKS = 4;
const MD5_CHARACTERS = 32;

export interface BasicAuthSettings {
  readonly user: string;
  /** A bcrypt hash, or what Node-RED took before: an MD5 hash in hexadecimal. */
  readonly pass: string;
}

/** HTTP Basic authentication (RFC 7617), with what Node-RED takes as `httpNodeAuth`. */
export function basicAuthGuard({ user, pass }: BasicAuthSettings, clock: Clock): UpgradeGuard {
  const guesses = new RateLimit({ ...GUESSES, clock });
  /** By the digest of a password; after a restart, all clients come with the same one. */
  const checks = new Map<string, Promise<boolean>>();
  let accepted: string | undefined;

  const check = async (digest: string, password: string): Promise<boolean> => {
    try {
      const isRight = await isPassword(password, pass);
      if (isRight) accepted = digest;
      return isRight;
    } finally {
      checks.delete(digest);
    }
  };

  return async ({ headers }, address) => {
    const presented = credentialsIn(headers.authorization);
    if (presented?.user !== user) return unauthorized();
    const digest = createHash("sha256").update(presented.password).digest("hex");
    if (digest === accepted) return undefined;
    let checked = checks.get(digest);
    if (checked === undefined) {
      if (checks.size >= MAX_CHECKS || !guesses.take(addressBlock(address))) {
        return new Refusal(429, sentence("guards.too-many-guesses"), { headers: { "Retry-After": "1" } });
      }
      checked = check(digest, presented.password);
      checks.set(digest, checked);
    }
    return (await checked) ? undefined : unauthorized();
  };
}

function credentialsIn(authorization: string | undefined): { user: string; password: string } | undefined {
  const [, encoded] = /^basic +([\w+/~.-]+=*)$/i.exec(authorization?.trim() ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString();
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

async function isPassword(password: string, hash: string): Promise<boolean> {
  if (hash.length === MD5_CHARACTERS) return createHash("md5").update(password).digest("hex") === hash;
  const bcrypt = findBcrypt();
  if (bcrypt === undefined) throw new Error("the package bcryptjs of Node-RED, which httpNodeAuth needs, is not found");
  return await bcrypt.compare(password, hash);
}

function unauthorized(): Refusal {
  const headers = { "WWW-Authenticate": 'Basic realm="Authorization Required"' };
  return new Refusal(401, sentence("guards.http-node-auth"), { headers });
}
