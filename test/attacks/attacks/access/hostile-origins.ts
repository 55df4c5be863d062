import assert from "node:assert/strict";
import { upgradeRequest } from "../../../support/raw-http";
import type { Attack } from "../../attack";
import { LISTED_ORIGIN } from "../../attacked-flow";

const ROUNDS = 20;

/** Pages that pretend to be somebody's, next to those that may in truth connect. */
export const hostileOrigins: Attack = async ({ ports }, crowd) => {
  const refused = [
    "null",
    "https://evil.com",
    "https://good.com.evil.com",
    "https://evil.com/https://good.com",
    "https://good.com@evil.com",
    "https://evilgood.com",
    "https://sub.good.com",
    "http://good.com",
    `${LISTED_ORIGIN}:8443`,
    "http://127.0.0.1.evil.com",
    "http://127.0.0.1@evil.com",
    "file://127.0.0.1",
    "javascript:127.0.0.1",
    `https://${"a".repeat(8000)}`,
  ];
  for (let round = 0; round < ROUNDS; round++) {
    for (const port of ports) {
      const accepted = [
        LISTED_ORIGIN,
        "HTTPS://GOOD.COM",
        "http://127.0.0.1",
        `HTTP://127.0.0.1:${port}`,
        "http://127.0.0.1:1",
      ];
      const statusFor = (origin: string) => crowd.ask(port, upgradeRequest({ port, headers: { Origin: origin } }));
      for (const origin of refused) assert.equal(await statusFor(origin), 403, origin);
      for (const origin of accepted) assert.equal(await statusFor(origin), 101, origin);
    }
  }
};
