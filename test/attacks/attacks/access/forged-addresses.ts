import assert from "node:assert/strict";
import { upgradeRequest } from "../../../support/raw-http";
import type { Attack } from "../../attack";
import { ALLOWED_ADDRESS, TRUSTED_PROXY, WALLED_PATH } from "../../attacked-flow";

const ROUNDS = 10;
const ACCEPTED = 101;
const FORBIDDEN = 403;
const STRANGER = "127.0.0.1";
/** Loopback addresses to come from: Linux has the whole block. */
const HAS_ALL_ADDRESSES = process.platform === "linux";

const FROM_STRANGER = [
  "",
  ALLOWED_ADDRESS,
  `${ALLOWED_ADDRESS}, ${TRUSTED_PROXY}`,
  `${TRUSTED_PROXY}, ${ALLOWED_ADDRESS}`,
  `::ffff:${ALLOWED_ADDRESS}`,
  `${ALLOWED_ADDRESS}, `.repeat(1000),
];

const FROM_PROXY: readonly (readonly [forwardedFor: string, status: number])[] = [
  [ALLOWED_ADDRESS, ACCEPTED],
  [`192.0.2.1, ${ALLOWED_ADDRESS}`, ACCEPTED],
  [`${ALLOWED_ADDRESS}, ${TRUSTED_PROXY}`, ACCEPTED],
  ["", FORBIDDEN],
  [`${ALLOWED_ADDRESS}, 192.0.2.1`, FORBIDDEN],
  [`${ALLOWED_ADDRESS}, nonsense`, FORBIDDEN],
  [`${ALLOWED_ADDRESS},`, FORBIDDEN],
  ["0x7f.0.0.9", FORBIDDEN],
  ["127.0.0.9.evil.com", FORBIDDEN],
  [",".repeat(10_000), FORBIDDEN],
];

/** Claims to be forwarded for somebody who may come in. Only what a trusted proxy has written itself counts. */
export const forgedAddresses: Attack = async ({ ports: [port] }, crowd) => {
  const statusFor = (from: string, forwardedFor: string): Promise<number> => {
    const request = upgradeRequest({ port, path: WALLED_PATH, headers: { "X-Forwarded-For": forwardedFor } });
    return crowd.ask(port, request, { localAddress: from });
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const claim of FROM_STRANGER) assert.equal(await statusFor(STRANGER, claim), FORBIDDEN, claim.slice(0, 60));
    if (!HAS_ALL_ADDRESSES) continue;
    for (const [claim, status] of FROM_PROXY) {
      assert.equal(await statusFor(TRUSTED_PROXY, claim), status, claim.slice(0, 60));
    }
  }
};
