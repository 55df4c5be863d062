import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { FeedOptions } from "../../../nodes/lib/client/feed-options";
import { type Answer, FeedUnderTest, unreachable } from "../../support/feed-under-test";

const refusal = (status: number, error: string, headers: Record<string, string> = {}): Response =>
  Response.json({ error }, { status, headers });

describe("feed that is refused", () => {
  let http: Server;
  let listening: FeedUnderTest;

  /** All that a browser learns: the WebSocket did not open. */
  const listen = (answer: Answer, options: FeedOptions = {}): void => {
    const { port } = http.address() as AddressInfo;
    listening = new FeedUnderTest({ ...options, url: `http://127.0.0.1:${port}/ws/` }, answer);
  };

  beforeEach(async () => {
    http = createServer()
      .on("upgrade", (_request, socket) => socket.destroy())
      .listen(0, "127.0.0.1");
    await once(http, "listening");
  });
  afterEach(async () => {
    listening.feed.close();
    http.close();
    await once(http, "close");
  });

  for (const status of [400, 401, 403]) {
    it(`with ${status} says why, as the server puts it, and gives up`, async () => {
      listen(() => refusal(status, "this and that is wrong"));
      const next = listening.feed[Symbol.asyncIterator]().next();
      assert.deepEqual(await listening.become("refused"), {
        state: "refused",
        reason: "this and that is wrong",
        status,
        code: undefined,
      });
      await assert.rejects(next, { name: "FeedError", message: "this and that is wrong", status });
    });
  }

  it("asks the address that it called, by HTTP, with its token where it is not logged", async () => {
    listen(() => refusal(401, "no"), { topics: "a/#", token: "se-cret" });
    await listening.become("refused");
    const { url, headers } = listening.questions[0] as Request;
    const asked = new URL(url);
    assert.deepEqual([asked.protocol, asked.pathname, asked.search], ["http:", "/ws", "?topic=a%2F%23&envelope=1"]);
    assert.equal(headers.get("authorization"), "Bearer se-cret");
    assert.equal(listening.calls[0]?.search, asked.search);
  });

  it("shows a token that no protocol can hold in the address", async () => {
    listen(() => refusal(401, "no"), { token: "a/b=" });
    await listening.become("refused");
    assert.equal(listening.calls[0]?.searchParams.get("token"), "a/b=");
  });

  it("asks for another token once, when tokens come from a function", async () => {
    const tokens = ["old", "newer"];
    listen(() => refusal(401, "expired"), { token: () => tokens.shift() });
    await listening.become("waiting");
    listening.clock.skip(1000);
    await listening.become("refused");
    assert.deepEqual(
      listening.questions.map(({ headers }) => headers.get("authorization")),
      ["Bearer old", "Bearer newer"],
    );
  });

  it("tries again later when its token cannot be had, and says so", async () => {
    listen(() => refusal(401, "no"), { token: () => Promise.reject(new Error("the session is over")) });
    const { reason } = await listening.become("waiting");
    assert.equal(reason, "there is no token: the session is over");
  });

  it("with 503 tries again, not earlier than the server asks", async () => {
    listen(() => refusal(503, "this server is full", { "Retry-After": "30" }));
    const { reason, status, retryAt = 0 } = await listening.become("waiting");
    assert.deepEqual([reason, status], ["this server is full", 503]);
    assert.ok(retryAt - listening.clock.wallTime() > 29_000);
  });

  it("by something on the way says what it is", async () => {
    listen(() => refusal(426, "this address only speaks WebSocket"));
    const { reason } = await listening.become("waiting");
    assert.match(reason ?? "", /something on the way to it does not pass on WebSockets/);
  });

  it("by a proxy, in a proxy's words, tries again", async () => {
    listen(() => new Response("<h1>Forbidden</h1>", { status: 403 }));
    const { reason } = await listening.become("waiting");
    assert.equal(reason, "the server answered 403");
  });

  it("tries again when nothing is there, and when nobody answers", async () => {
    const answers: Answer[] = [() => new Response("Cannot GET /ws", { status: 404 }), unreachable];
    listen((question) => (answers.shift() ?? unreachable)(question));
    assert.equal((await listening.become("waiting")).reason, "there is no such server here, at present");
    listening.clock.skip(1000);
    assert.match((await listening.become("waiting")).reason ?? "", /^127.0.0.1:\d+ does not answer$/);
  });
});
