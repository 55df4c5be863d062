import assert from "node:assert/strict";
import { upgradeRequest } from "../../../support/raw-http";
import type { Attack } from "../../attack";

const ROUNDS = 10;
const SWITCHING = 101;
const FORBIDDEN = 403;

const HOSTS = ["evil.example", "evil.example:1880", "127.0.0.1.evil.example", "localhost.evil.example", "[::1].evil"];

/** A page of a name that its owner has pointed at this machine: host and origin are the same, and both are evil. */
export const dnsRebinding: Attack = async ({ ports }, crowd) => {
  for (let round = 0; round < ROUNDS; round++) {
    for (const port of ports) {
      for (const host of HOSTS) {
        const answer = await crowd.ask(port, upgradeRequest({ port, host, headers: { Origin: `http://${host}` } }));
        assert.ok(answer === FORBIDDEN || answer === 400, `${host} was answered ${answer}`);
      }
      const own = `localhost:${port}`;
      const request = upgradeRequest({ port, host: own, headers: { Origin: `http://${own}` } });
      assert.equal(await crowd.ask(port, request), SWITCHING, own);
    }
  }
};
