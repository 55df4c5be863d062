import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Refusal } from "../../../../../nodes/lib/ws/admission/refusal";
import { nodeRedGuard, type ProtectionSettings } from "../../../../../nodes/lib/ws/endpoint/guards/node-red-guard";
import { FakeClock } from "../../../../support/fake-clock";

const bcrypt = require("bcryptjs") as { hashSync(password: string, rounds: number): string };

const HASH = bcrypt.hashSync("secret", 4);
const ADDRESS = "192.0.2.1";
const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;

describe("guard of Node-RED's settings", () => {
  let clock: FakeClock;
  let errors: unknown[];
  beforeEach(() => {
    clock = new FakeClock();
    errors = [];
  });
  afterEach(() => assert.equal(clock.pending, 0));

  type Ask = (headers?: Record<string, string>, address?: string) => Promise<Refusal | undefined>;
  const guarded = (settings: ProtectionSettings): Ask => {
    const guard = nodeRedGuard(settings, { clock, onError: (error) => errors.push(error) });
    assert.ok(guard !== undefined);
    return async (headers = {}, address = ADDRESS) => {
      const request = { method: "GET", url: "/ws", headers, socket: {} } as unknown as IncomingMessage;
      return await guard(request, address);
    };
  };

  it("is none without such settings", () => {
    assert.equal(nodeRedGuard({}, { clock, onError: () => undefined }), undefined);
  });

  describe("httpNodeAuth", () => {
    const passwords: readonly [what: string, pass: string][] = [
      ["a bcrypt hash", HASH],
      ["an old MD5 hash", createHash("md5").update("secret").digest("hex")],
    ];
    for (const [what, pass] of passwords) {
      it(`with ${what} lets in who has the password, and nobody else`, async () => {
        const ask = guarded({ httpNodeAuth: { user: "user", pass } });
        assert.equal(await ask({ authorization: basic("user:secret") }), undefined);
        assert.equal(await ask({ authorization: basic("user:secret") }), undefined);
        for (const authorization of [
          "",
          "Bearer secret",
          "Basic",
          "Basic ***",
          basic("user"),
          basic("user:"),
          basic("user:Secret"),
          basic("other:secret"),
          basic(`user:${pass}`),
        ]) {
          const refusal = await ask(authorization === "" ? {} : { authorization });
          assert.equal(refusal?.status, 401, authorization);
          assert.match(refusal?.headers["WWW-Authenticate"] ?? "", /^Basic realm=/);
        }
      });
    }

    it("lets nobody try many passwords, and still who knows it", async () => {
      const ask = guarded({ httpNodeAuth: { user: "user", pass: HASH } });
      await ask({ authorization: basic("user:secret") });
      const statuses = new Set<number | undefined>();
      for (let n = 0; n < 30; n++) statuses.add((await ask({ authorization: basic(`user:${n}`) }))?.status);
      assert.deepEqual([...statuses], [401, 429]);
      assert.equal(await ask({ authorization: basic("user:secret") }), undefined);
    });

    it("lets a herd in that comes at once with the password", async () => {
      const ask = guarded({ httpNodeAuth: { user: "user", pass: HASH } });
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => ask({ authorization: basic("user:secret") })),
      );
      assert.deepEqual(new Set(answers), new Set([undefined]));
    });

    it("as a function, or several, decides as on HTTP requests", async () => {
      const seen: string[] = [];
      type Middleware = (
        request: IncomingMessage,
        response: { statusCode: number; end(): void },
        next: (error?: unknown) => void,
      ) => void;
      const first: Middleware = (request, _response, next) => {
        seen.push(request.headers.cookie ?? "");
        next();
      };
      const second: Middleware = (request, response, next) => {
        if (request.headers.cookie === "good") return next();
        response.statusCode = 401;
        response.end();
      };
      const several = guarded({ httpNodeAuth: [first, second] });
      assert.equal(await several({ cookie: "good" }), undefined);
      assert.equal((await several({ cookie: "bad" }))?.status, 401);
      assert.deepEqual(seen, ["good", "bad"]);
      const redirects = guarded({
        httpNodeAuth: (_request: unknown, response: { writeHead(status: number): { end(): void } }) =>
          response.writeHead(302).end(),
      });
      assert.equal((await redirects())?.status, 403);
      const next = guarded({
        httpNodeAuth: (_request: unknown, _response: unknown, next: (error: Error) => void) => next(new Error("no")),
      });
      assert.equal((await next())?.status, 403);
    });
  });

  describe("webSocketNodeVerifyClient", () => {
    it("is asked as core's nodes ask it, with or without a callback", async () => {
      const infos: unknown[] = [];
      const sync = guarded({
        webSocketNodeVerifyClient: (info: { origin: string; secure: boolean; req: IncomingMessage }) => {
          infos.push([info.origin, info.secure, info.req.url]);
          return info.req.headers.cookie === "good";
        },
      });
      assert.equal(await sync({ cookie: "good", origin: "http://here" }), undefined);
      assert.equal((await sync())?.status, 401);
      assert.deepEqual(infos[0], ["http://here", false, "/ws"]);
      const callback = guarded({
        webSocketNodeVerifyClient: (
          info: { req: IncomingMessage },
          done: (yes: boolean, code?: number, why?: string) => void,
        ) => setImmediate(() => done(info.req.headers.cookie === "good", 403, "not you")),
      });
      assert.equal(await callback({ cookie: "good" }), undefined);
      const refusal = await callback();
      assert.equal(refusal?.status, 403);
      assert.match(refusal?.message ?? "", /not you/);
    });

    it("comes after httpNodeAuth, and both have to agree", async () => {
      const ask = guarded({ httpNodeAuth: { user: "user", pass: HASH }, webSocketNodeVerifyClient: () => false });
      assert.match((await ask())?.headers["WWW-Authenticate"] ?? "", /Basic/);
      assert.equal((await ask({ authorization: basic("user:secret") }))?.status, 401);
    });

    it("that fails or does not answer lets nobody in", async () => {
      const failing = guarded({
        webSocketNodeVerifyClient: () => {
          throw new Error("a mistake in settings.js");
        },
      });
      for (let n = 0; n < 5; n++) assert.equal((await failing())?.status, 503);
      assert.equal(errors.length, 1, "a mistake is reported once, not for every client");
      clock.advance(600_000);
      await failing();
      assert.equal(errors.length, 2);
      const silent = guarded({ webSocketNodeVerifyClient: (_info: unknown, _done: unknown) => undefined });
      const answer = silent();
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(500);
      assert.equal((await answer)?.status, 503);
    });
  });

  it("lets nobody in when a setting is of no known kind", async () => {
    assert.equal((await guarded({ httpNodeAuth: { user: "user" } })())?.status, 503);
    assert.equal((await guarded({ httpNodeAuth: "user:secret" })())?.status, 503);
  });
});
