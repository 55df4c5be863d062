import assert from "node:assert/strict";
import { askUpgrade } from "../../../support/raw-http";
import type { Attack } from "../../attack";
import { GUARDED_PATH, SECRETS } from "../../attacked-flow";

const UNAUTHORIZED = 401;
const MISTAKES = ["TOKEN=", "Token=", "tokn=", "token%20=", "access_token=", "mode=", "since="];

/**
 * A token where it does not belong: no answer repeats it, and no log. The suite looks through the log, where the name of a
 * parameter, for which a token can be mistaken, too, must not be either.
 */
export const secretsInUrls: Attack = async ({ ports }) => {
  for (const port of ports) {
    for (const secret of Object.values(SECRETS)) {
      for (const path of ["/ws", GUARDED_PATH]) {
        for (const mistake of MISTAKES) {
          // Where it is accepted, there is no answer to look at.
          const answer = await askUpgrade({ port, path: `${path}?${mistake}${secret}`, headers: { Upgrade: "h2c" } });
          assert.ok(!answer.body.includes(secret), `the answer to ${mistake} repeats the secret`);
          await askUpgrade({ port, path: `${path}?${secret}` });
          const refused = await askUpgrade({ port, path: `${path}?${mistake}${secret}&mode=none` });
          assert.ok(!refused.body.includes(secret), `the refusal of ${mistake} repeats the secret`);
        }
      }
    }
  }
  const [port] = ports;
  const expired = await askUpgrade({ port, path: `${GUARDED_PATH}?token=${SECRETS.expiredToken}` });
  assert.equal(expired.status, UNAUTHORIZED);
  assert.match(expired.body, /expired/);
};
