import assert from "node:assert/strict";
import { upgradeRequest } from "../../../support/raw-http";
import { type Attack, assertAnswered } from "../../attack";
import { keepDoing } from "../../crowd";

const DURATION_MS = 1000;
const LINES = 10;
const HEADERS = 2000;

const NONE = 0;
const SWITCHING = 101;
const TOO_LARGE = 431;

const HUGE: Readonly<Record<string, string>> = {
  "Sec-WebSocket-Protocol": "a,".repeat(16 * 1024),
  "Sec-WebSocket-Extensions": `permessage-deflate; ${"a; ".repeat(10_000)}`,
  "Sec-WebSocket-Key": "A".repeat(32 * 1024),
  Cookie: "c".repeat(32 * 1024),
};

/** As many headers, or as long ones, as a request can have, and more. */
export const oversizedHeaders: Attack = async ({ ports }, crowd) => {
  // Short, since all together may be no more than 16 KiB.
  const headers = Object.fromEntries(Array.from({ length: HEADERS }, (_, i) => [`a${i.toString(36)}`, ""]));
  await keepDoing(DURATION_MS, LINES, async () => {
    for (const port of ports) {
      for (const [name, value] of Object.entries(HUGE)) {
        const status = await crowd.ask(port, upgradeRequest({ port, headers: { [name]: value } }));
        assertAnswered(status, TOO_LARGE, name);
      }
      const first = upgradeRequest({ port, headers });
      assert.equal(await crowd.ask(port, first), SWITCHING);
      // Node.js reads no more than 2000 headers.
      const [line, ...lines] = first.trimEnd().split("\r\n");
      assert.notEqual(await crowd.ask(port, `${[line, ...lines.reverse()].join("\r\n")}\r\n\r\n`), NONE);
    }
  });
};
