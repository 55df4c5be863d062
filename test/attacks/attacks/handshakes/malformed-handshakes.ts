import assert from "node:assert/strict";
import { upgradeRequest } from "../../../support/raw-http";
import type { Attack } from "../../attack";

const ROUNDS = 20;

/** Requests that are no proper handshake. Each is answered as HTTP has it. */
export const malformedHandshakes: Attack = async ({ ports: [shared, own] }, crowd) => {
  for (let round = 0; round < ROUNDS; round++) {
    for (const port of [shared, own]) {
      const ask = (headers: Record<string, string>): Promise<number> =>
        crowd.ask(port, upgradeRequest({ port, headers }));
      for (const version of ["", "8", "14", "13, 13", "1e1"]) {
        assert.equal(await ask({ "Sec-WebSocket-Version": version }), 426, `version ${version}`);
      }
      for (const key of ["", "a", "=".repeat(24), "A".repeat(8000), "dGhlIHNhbXBsZSBub25jZQ==,a"]) {
        assert.equal(await ask({ "Sec-WebSocket-Key": key }), 400, `key ${key}`);
      }
      for (const protocol of [",", "a,,b", "a,a", "a b", "\u00e9", `${"x".repeat(7000)},`]) {
        assert.equal(await ask({ "Sec-WebSocket-Protocol": protocol }), 400, `protocol ${protocol}`);
      }
      for (const upgrade of ["h2c", "websocket2", "websocket, h2c"]) {
        assert.equal(await ask({ Upgrade: upgrade }), 426, `upgrade to ${upgrade}`);
      }
      assert.equal(await crowd.ask(port, upgradeRequest({ port, method: "POST" })), 405);
      assert.equal(await ask({ Connection: "", Upgrade: "" }), 426);
      const old = upgradeRequest({ port }).replace("HTTP/1.1", "HTTP/1.0");
      assert.notEqual(await crowd.ask(port, old), 0);
      assert.equal(await crowd.ask(port, `\0\u0001${upgradeRequest({ port })}`), 400);
    }
  }
};
