import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { AccessControl } from "../../../../nodes/lib/access/access-control";
import { UpgradeHandler } from "../../../../nodes/lib/ws/admission/upgrade-handler";
import { FakeClock } from "../../../support/fake-clock";

const REQUESTS = 300;
/** Much to parse, and refused only at its end. */
const COSTLY = `/ws?${`topic=${"a/".repeat(60)}a&`.repeat(60)}mode=wrong`;
const KEY = Buffer.alloc(16).toString("base64");
const LIMITS = { mode: "stream", replay: false, origins: [], maxClients: 0, maxClientsPerAddress: 0 } as const;

describe("upgrade handler", () => {
  const refusals = new EventEmitter();
  const handler = new UpgradeHandler(
    LIMITS,
    {
      joined: () => assert.fail("let in"),
      refused: () => refusals.emit("refused"),
      failed: (error) => assert.fail(String(error)),
    },
    { access: new AccessControl(), clock: new FakeClock() },
  );
  const request = () =>
    ({
      method: "GET",
      url: COSTLY,
      headers: { connection: "upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": KEY },
      socket: { remoteAddress: "192.0.2.7" },
    }) as unknown as IncomingMessage;

  afterEach(() => refusals.removeAllListeners());

  it("leaves the event loop to others, however many requests are ready at once", async () => {
    let refused = 0;
    refusals.on("refused", () => refused++);
    for (let n = 0; n < REQUESTS; n++) handler.accept(request(), new PassThrough(), Buffer.alloc(0));
    assert.ok(refused > 0 && refused < REQUESTS, `${refused} in the first turn`);
    while (refused < REQUESTS) await once(refusals, "refused");
  });

  it("explains to as many why, and leaves the loop to others, too", async () => {
    let explained = 0;
    const answers = Array.from({ length: REQUESTS }, () => handler.explain(request()).finally(() => explained++));
    await Promise.resolve();
    assert.ok(explained < REQUESTS);
    for (const { status } of await Promise.all(answers)) assert.equal(status, 400);
  });

  it("forgets who has hung up meanwhile", async () => {
    let refused = 0;
    refusals.on("refused", () => refused++);
    const gone = new PassThrough();
    for (let n = 0; n < REQUESTS; n++) handler.accept(request(), new PassThrough(), Buffer.alloc(0));
    handler.accept(request(), gone, Buffer.alloc(0));
    gone.destroy();
    await handler.explain(request());
    assert.equal(refused, REQUESTS);
  });
});
