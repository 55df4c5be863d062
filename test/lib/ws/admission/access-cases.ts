import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";
import { AccessControl, type TokenVerifier } from "../../../../nodes/lib/access/access-control";
import type { Denial, Grant } from "../../../../nodes/lib/access/grant";
import { TokenSet } from "../../../../nodes/lib/access/token-set";
import { sentence } from "../../../../nodes/lib/text/sentence";
import type { BroadcastServerOptions } from "../../../../nodes/lib/ws/server-options";
import { BroadcastHarness } from "../../../support/broadcast-harness";
import { FakeClock } from "../../../support/fake-clock";
import { type Answer, rawSocket, upgradeRequest } from "../../../support/raw-http";
import { until } from "../../../support/until";
import type { WsClient } from "../../../support/ws-client";

const TOKEN = "pl4nt+t0ken/with=signs";
const OTHER = "weather-token-0123456789";
const HALF_AN_HOUR_MS = 1_800_000;

/** @param senders processes that serve the clients; 0: this one does */
export function describeAccess(senders: number): void {
  describe(`broadcast server with tokens${senders === 0 ? "" : " and sender processes"}`, () => {
    let clock: FakeClock;
    let server: BroadcastHarness;

    const listed = (
      ...tokens: { name: string; token: string; filters: string[]; expiresAt?: number }[]
    ): AccessControl =>
      new AccessControl(
        new TokenSet(
          tokens.map((token) => ({ expiresAt: undefined, ...token })),
          clock,
        ),
      );
    const plant = { name: "plant", token: TOKEN, filters: ["plant/#"] };
    const weather = { name: "weather", token: OTHER, filters: ["weather/+"] };
    const start = async (access: AccessControl, settings: Partial<BroadcastServerOptions> = {}): Promise<void> => {
      server = await BroadcastHarness.start({ settings: { senders, ...settings }, clock, access });
    };
    const ask = (query = "", headers: Record<string, string> = {}): Promise<Answer> =>
      server.ask({ path: `/ws${query}`, headers });
    const bearing = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

    beforeEach(() => {
      clock = new FakeClock();
    });
    afterEach(() => server.stop());

    const ways: readonly [way: string, connect: () => Promise<WsClient>][] = [
      ["Authorization", () => server.connect("", bearing(TOKEN))],
      ["the URL, percent-encoded", () => server.connect(`?token=${encodeURIComponent(TOKEN)}`)],
      ["the URL, as it is", () => server.connect(`?token=${TOKEN}`)],
      ["two of them", () => server.connect(`?token=${TOKEN}`, bearing(TOKEN))],
    ];
    for (const [way, connect] of ways) {
      it(`accepts a token in ${way}, and sends only what it lets one read`, async () => {
        await start(listed(plant, weather));
        const client = await connect();
        for (const topic of ["weather/wind", "plant/1", "plant", "$plant/1", "other"]) {
          server.publish(topic);
        }
        clock.advance(1000);
        assert.deepEqual([await client.next(), await client.next()], ["plant/1", "plant"]);
        assert.equal(server.broadcast.clients()[0]?.token, "plant");
      });
    }

    it("accepts a token as a subprotocol, which is all that a page can send", async () => {
      await start(listed(weather));
      const { socket } = await server.connect("", { protocols: ["sensorcast", `bearer.${OTHER}`] });
      assert.equal(socket.protocol, "sensorcast");
    });

    const refusals: readonly [what: string, query: string, headers: Record<string, string>, status: number][] = [
      ["no token", "", {}, 401],
      ["an unknown token", "?token=guess", {}, 401],
      ["an empty token", "?token=", {}, 400],
      ["a malformed token", "?token=%ZZsecret", {}, 400],
      ["different tokens", `?token=${OTHER}`, { Authorization: `Bearer ${TOKEN}` }, 400],
      ["a token twice", `?token=${OTHER}&token=${OTHER}`, {}, 400],
      ["a huge token", "", { Authorization: `Bearer ${"x".repeat(9000)}` }, 400],
      ["a token beside which no protocol is offered", "", { "Sec-WebSocket-Protocol": `bearer.${OTHER}` }, 400],
      ["another scheme", "", { Authorization: "Basic c2VjcmV0OnNlY3JldA==" }, 401],
      ["topics of others", "?topic=weather/%23", { Authorization: `Bearer ${TOKEN}` }, 403],
    ];
    for (const [what, query, headers, status] of refusals) {
      // At once: the clock stands still.
      it(`refuses ${what} with ${status} at once, counts it, and repeats no token`, async () => {
        await start(listed(plant, weather));
        const answer = await ask(query, headers);
        assert.equal(answer.status, status);
        assert.equal(answer.headers.get("www-authenticate"), status === 401 ? "Bearer" : undefined);
        assert.deepEqual(server.broadcast.counts().refused, { [status]: 1 });
        assert.doesNotMatch(`${answer.body}${JSON.stringify(server.events)}`, /guess|secret|c2Vj|0123456789|t0ken|xxx/);
      });
    }

    it("does not look at tokens when nobody needs one", async () => {
      await start(new AccessControl());
      await server.connect("?token=whatever", { headers: { Authorization: "Bearer ä" } });
    });

    it("closes a client with 4001 when its token expires, and refuses the token from then on", async () => {
      await start(listed({ ...plant, expiresAt: clock.wallTime() + HALF_AN_HOUR_MS }, weather));
      const client = await server.connect("", bearing(TOKEN));
      const other = await server.connect("", bearing(OTHER));
      clock.advance(HALF_AN_HOUR_MS - 1);
      assert.equal(server.broadcast.clientCount, 2);
      clock.advance(1);
      assert.deepEqual(await client.closed, { code: 4001, reason: "token no longer valid" });
      assert.equal(other.socket.readyState, WebSocket.OPEN);
      assert.equal((await ask("", bearing(TOKEN).headers)).status, 401);
    });

    describe("whose access is changed", () => {
      const changes: readonly [what: string, next: () => AccessControl, closed: string[]][] = [
        ["by nothing but a name", () => listed({ ...plant, name: "factory" }, weather), []],
        ["by another token", () => listed(plant, weather, { ...plant, name: "new", token: "brand-new" }), []],
        ["by removing a token", () => listed(weather), ["plant"]],
        ["by a new text for a token", () => listed({ ...plant, token: "rotated" }, weather), ["plant"]],
        ["by new topics of a token", () => listed(plant, { ...weather, filters: ["weather/#"] }), ["weather"]],
        [
          "by a new expiry of a token",
          () => listed({ ...plant, expiresAt: Number.MAX_SAFE_INTEGER }, weather),
          ["plant"],
        ],
        ["to need no token", () => new AccessControl(), ["plant", "weather"]],
      ];
      for (const [what, next, closed] of changes) {
        it(`${what} closes ${closed.length === 0 ? "nobody" : `${closed.join(" and ")} with 4001`}`, async () => {
          await start(listed(plant, weather));
          const clients = new Map([
            ["plant", await server.connect("", bearing(TOKEN))],
            ["weather", await server.connect("", bearing(OTHER))],
          ]);
          await server.broadcast.changeAccess(next());
          for (const [name, client] of clients) {
            if (closed.includes(name)) assert.equal((await client.closed).code, 4001);
          }
          await until(
            () => server.broadcast.clientCount === 2 - closed.length,
            "a client too many or too few was closed",
          );
          for (const [name, client] of clients) {
            if (!closed.includes(name)) assert.equal(client.socket.readyState, WebSocket.OPEN);
          }
        });
      }

      it("from none at all closes who came without a token", async () => {
        await start(new AccessControl());
        const client = await server.connect();
        await server.broadcast.changeAccess(listed(plant));
        assert.equal((await client.closed).code, 4001);
      });
    });

    describe("that take time to check", () => {
      const grant: Grant = { id: "1", name: "subject", filters: ["#"], expiresAt: undefined };
      const denial: Denial = { status: 401, denied: sentence("access.token-expired") };
      let settle: ((verdict: Grant | Denial) => void)[];
      const slow: TokenVerifier = {
        verdict: () => new Promise((resolve) => settle.push(resolve)),
        holds: ({ id }) => id === grant.id,
      };
      const asked = (count: number) => until(() => settle.length === count, "the token was not looked at");
      beforeEach(() => {
        settle = [];
      });

      it("lets the client in once its token was found good", async () => {
        await start(new AccessControl(undefined, slow));
        const connecting = server.connect("", bearing(TOKEN));
        await asked(1);
        settle[0]?.(grant);
        await connecting;
        assert.equal(server.broadcast.clients()[0]?.token, "subject");
      });

      it("refuses the client when it was not", async () => {
        await start(new AccessControl(undefined, slow));
        const answer = ask("", bearing(TOKEN).headers);
        await asked(1);
        settle[0]?.(denial);
        assert.equal((await answer).status, 401);
      });

      it("keeps a place meanwhile, so that there are never too many", async () => {
        await start(new AccessControl(undefined, slow), { maxClients: 1 });
        const connecting = server.connect("", bearing(TOKEN));
        await asked(1);
        assert.equal((await ask("", bearing(TOKEN).headers)).status, 503);
        settle[0]?.(grant);
        await connecting;
        assert.equal((await ask("", bearing(TOKEN).headers)).status, 503);
      });

      it("gives the place back when the client hangs up meanwhile", async () => {
        await start(new AccessControl(undefined, slow), { maxClients: 1 });
        const socket = await rawSocket(server.port);
        socket.write(upgradeRequest({ port: server.port, headers: bearing(TOKEN).headers }));
        await asked(1);
        socket.resetAndDestroy();
        await once(socket, "close");
        settle[0]?.(grant);
        await until(() => server.broadcast.clientCount === 0, "a client that hung up was let in");
        const connecting = server.connect("", bearing(TOKEN));
        await asked(2);
        settle[1]?.(grant);
        await connecting;
      });

      it("refuses with 503 who would come in after the shutdown or a change of access", async () => {
        await start(new AccessControl(undefined, slow));
        const answers = [ask("", bearing(TOKEN).headers), ask("", bearing(TOKEN).headers)];
        await asked(2);
        await server.broadcast.changeAccess(listed(plant));
        settle[0]?.(grant);
        assert.equal((await answers[0])?.status, 503);
        await server.broadcast.shutdown();
        settle[1]?.(grant);
        assert.equal((await answers[1])?.status, 503);
      });

      it("tells of a listed token that has expired, and does not try it as another kind of token", async () => {
        const expired = { ...plant, expiresAt: 1 };
        await start(new AccessControl(new TokenSet([expired], clock), slow));
        const answer = await ask("", bearing(TOKEN).headers);
        assert.equal(answer.status, 401);
        assert.match(answer.body, /has expired/);
        assert.equal(settle.length, 0);
      });

      it("prefers a listed token, which takes no time", async () => {
        await start(new AccessControl(new TokenSet([{ ...plant, expiresAt: undefined }], clock), slow));
        await server.connect("", bearing(TOKEN));
        assert.equal(settle.length, 0);
      });
    });
  });
}
