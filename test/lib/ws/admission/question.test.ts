import assert from "node:assert/strict";
import { AccessControl } from "../../../../nodes/lib/access/access-control";
import { TokenSet } from "../../../../nodes/lib/access/token-set";
import { BroadcastHarness } from "../../../support/broadcast-harness";

const LISTED = new AccessControl(
  new TokenSet([{ name: "display", token: "good", filters: ["plant/#"], expiresAt: undefined }]),
);

describe("plain request for the address of a WebSocket", () => {
  let server: BroadcastHarness;
  const ask = async (query = "", headers: Record<string, string> = {}) => {
    const answer = await fetch(server.webUrl(query), { headers });
    const { error } = (await answer.json()) as { error: string };
    return { status: answer.status, error, headers: answer.headers };
  };

  afterEach(() => server.stop());

  it("is told what the WebSocket would be told", async () => {
    server = await BroadcastHarness.start({ settings: { maxClients: 1 } });
    const wrong = await ask("?mode=fast");
    assert.deepEqual([wrong.status, wrong.error], [400, 'mode must be stream or latest, not "fast"']);
    assert.equal((await ask("", { Origin: "https://elsewhere.example" })).status, 403);
    assert.equal((await ask()).status, 426);
    await server.connect();
    assert.deepEqual([(await ask()).status, server.broadcast.clientCount], [503, 1]);
  });

  it("shows its token, which is checked, and so is what it lets one read", async () => {
    server = await BroadcastHarness.start({ access: LISTED });
    const anonymous = await ask();
    assert.equal(anonymous.status, 401);
    assert.equal(anonymous.headers.get("www-authenticate"), "Bearer");
    assert.equal((await ask("", { Authorization: "Bearer bad" })).status, 401);
    assert.equal((await ask("?topic=plant/%23", { Authorization: "Bearer good" })).status, 426);
    assert.equal((await ask("?topic=other", { Authorization: "Bearer good" })).status, 403);
    assert.equal((await ask("?topic=other&token=good")).status, 403);
  });

  it("may say what the page's origin is, since browsers do not", async () => {
    server = await BroadcastHarness.start({ settings: { requireOrigin: true } });
    assert.equal((await ask()).status, 403);
    assert.equal((await ask("", { "Sensorcast-Origin": `http://127.0.0.1:${server.port}` })).status, 426);
  });

  it("is read by pages of other hosts, and by no cache", async () => {
    server = await BroadcastHarness.start();
    const { headers } = await ask();
    assert.equal(headers.get("access-control-allow-origin"), "*");
    assert.equal(headers.get("cache-control"), "no-store");
  });

  it("does not count as an attempt to connect, but is limited as they are", async () => {
    server = await BroadcastHarness.start({ settings: { maxConnectRate: 1 } });
    const statuses = [];
    for (let n = 0; n < 10; n++) statuses.push((await ask()).status);
    assert.equal(statuses[0], 426);
    assert.equal(statuses.at(-1), 429);
    await server.connect();
  });

  it("is counted in no report of refusals", async () => {
    server = await BroadcastHarness.start({ access: LISTED });
    await ask();
    assert.deepEqual(server.broadcast.counts().refused, {});
    assert.deepEqual(server.events, []);
  });
});
