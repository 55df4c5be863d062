import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { upgradeRequest } from "../../../support/raw-http";
import { type Attack, assertAnswered } from "../../attack";
import { GUARDED_PATH, SECRETS } from "../../attacked-flow";
import { keepDoing } from "../../crowd";

const DURATION_MS = 1500;
const LINES = 10;

const ACCEPTED = 101;
const MALFORMED = 400;
const UNAUTHORIZED = 401;
const TOO_LARGE = 431;

const HS256 = { alg: "HS256", typ: "JWT" };
const NOW_S = Math.floor(Date.now() / 1000);
const CLAIMS = { sub: "forger", exp: NOW_S + 3600, topics: ["#"] };

const UNSIGNED = `${encoded({ alg: "none" })}.${encoded(CLAIMS)}.`;
const GOOD_JWT = jwt(HS256, CLAIMS, SECRETS.jwtKey);

/** Tokens, and what each is answered. */
const TOKENS: readonly (readonly [token: string, status: number])[] = [
  [SECRETS.token, ACCEPTED],
  [GOOD_JWT, ACCEPTED],
  [SECRETS.expiredToken, UNAUTHORIZED],
  [SECRETS.token.slice(0, -1), UNAUTHORIZED],
  [`${SECRETS.token}a`, UNAUTHORIZED],
  [SECRETS.token.toUpperCase(), UNAUTHORIZED],
  ["display", UNAUTHORIZED],
  ["__proto__", UNAUTHORIZED],
  [SECRETS.jwtKey, UNAUTHORIZED],
  [UNSIGNED, UNAUTHORIZED],
  [UNSIGNED.replace(/^[^.]+/, encoded({ alg: "None" })), UNAUTHORIZED],
  [jwt({ alg: "none" }, CLAIMS, SECRETS.jwtKey), UNAUTHORIZED],
  [jwt({ alg: "HS512" }, CLAIMS, SECRETS.jwtKey), UNAUTHORIZED],
  [jwt(HS256, CLAIMS, "a key of the forger's own, as long as it takes"), UNAUTHORIZED],
  [jwt(HS256, CLAIMS, ""), UNAUTHORIZED],
  [jwt(HS256, { ...CLAIMS, exp: NOW_S - 3600 }, SECRETS.jwtKey), UNAUTHORIZED],
  [jwt(HS256, { ...CLAIMS, nbf: NOW_S + 3600 }, SECRETS.jwtKey), UNAUTHORIZED],
  [GOOD_JWT.replace(/\.[^.]+\./, `.${encoded({ ...CLAIMS, sub: "root" })}.`), UNAUTHORIZED],
  [`${GOOD_JWT}.${GOOD_JWT}`, UNAUTHORIZED],
  [`${encoded(HS256)}.${"A".repeat(7000)}.A`, UNAUTHORIZED],
  ["..", UNAUTHORIZED],
  ["", MALFORMED],
  ["a".repeat(10_000), MALFORMED],
  ["a".repeat(2 ** 20), TOO_LARGE],
];

/** Tries to get in where a token is needed, by every way in which one can be presented, at full speed. */
export const forgedTokens: Attack = async ({ ports: [port] }, crowd) => {
  const inHeader = (token: string) => ({ path: GUARDED_PATH, headers: { Authorization: `Bearer ${token}` } });
  const inUrl = (token: string) => ({ path: `${GUARDED_PATH}?token=${encodeURIComponent(token)}` });
  await keepDoing(DURATION_MS, LINES, async () => {
    assert.equal(await crowd.ask(port, upgradeRequest({ port, path: GUARDED_PATH })), UNAUTHORIZED);
    for (const [token, status] of TOKENS) {
      for (const present of [inHeader, inUrl]) {
        const answer = await crowd.ask(port, upgradeRequest({ port, ...present(token) }));
        assertAnswered(answer, status, `${token.slice(0, 100)} as in ${present.name}`);
      }
    }
  });
};

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function jwt(header: object, claims: object, key: string): string {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}
