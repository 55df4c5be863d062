import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inEnglish, type Sentence } from "../../../../nodes/lib/text/sentence";
import type { Refusal } from "../../../../nodes/lib/ws/admission/refusal";
import { StandaloneServer, type StandaloneServerOptions } from "../../../../nodes/lib/ws/endpoint/standalone-server";
import { FakeClock } from "../../../support/fake-clock";
import { freeTcpPort } from "../../../support/free-port";
import { askUpgrade, rawSocket } from "../../../support/raw-http";
import { until } from "../../../support/until";

const FIXTURES = join(__dirname, "../../../support/fixtures");
const TLS = { key: readFileSync(join(FIXTURES, "tls-key.pem")), cert: readFileSync(join(FIXTURES, "tls-cert.pem")) };

describe("standalone server", () => {
  let port: number;
  let server: StandaloneServer;
  let refusals: [address: string, status: number][];
  let reasons: (Sentence | undefined)[];
  const start = (options: Partial<StandaloneServerOptions> = {}, clock?: FakeClock): void => {
    const handlers = {
      upgrade: () => assert.fail("nobody asks for the path"),
      request: (_request: unknown, response: { end(body: string): void }, path: string) => {
        if (path === "/page") response.end("a page");
        return path === "/page";
      },
      refused: (address: string, { status }: Refusal) => refusals.push([address, status]),
    };
    const onReachability = (reason: Sentence | undefined) => reasons.push(reason);
    server = new StandaloneServer(
      { host: "127.0.0.1", port, path: "/ws", tls: undefined, handlers, onReachability, ...options },
      clock,
    );
  };
  const opened = () => until(() => reasons.length > 0 && reasons.at(-1) === undefined, "the port was not opened");

  beforeEach(async () => {
    port = await freeTcpPort();
    refusals = [];
    reasons = [];
  });
  afterEach(() => server.close());

  it("tells of every request that it refuses by itself", async () => {
    start();
    await opened();
    assert.equal((await askUpgrade({ port, path: "/other" })).status, 404);
    assert.equal((await askUpgrade({ port, headers: { "X-Long": "x".repeat(20_000) } })).status, 431);
    assert.equal((await askUpgrade({ port, method: "G E T" })).status, 400);
    assert.equal((await fetch(`http://127.0.0.1:${port}/ws`)).status, 404);
    assert.deepEqual(
      refusals,
      [404, 431, 400, 404].map((status) => ["127.0.0.1", status]),
    );
  });

  it("hands over what is read below its path", async () => {
    start();
    await opened();
    const response = await fetch(`http://127.0.0.1:${port}/ws/page?v=1`);
    assert.deepEqual([response.status, await response.text()], [200, "a page"]);
    assert.equal((await fetch(`http://127.0.0.1:${port}/ws/none`)).status, 404);
    assert.equal((await fetch(`http://127.0.0.1:${port}/ws/page`, { method: "POST" })).status, 404);
  });

  for (const [kind, tls] of [
    ["plain", undefined],
    ["TLS", TLS],
  ] as const) {
    it(`(${kind}) closes at once, also with connections that never said anything`, async () => {
      start({ tls });
      await opened();
      const silent = await rawSocket(port);
      const gone = once(silent, "close");
      await Promise.all([server.close(), gone]);
    });
  }

  it("tries a port that is taken again every five seconds at the latest", async () => {
    const clock = new FakeClock();
    start();
    await opened();
    const first = server;
    start({}, clock);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 6; attempt++) {
      await until(() => clock.pending === 1, "there is no other attempt");
      const before = clock.now();
      clock.runNext();
      waits.push(clock.now() - before);
    }
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 5000, 5000]);
    await until(() => clock.pending === 1, "there is no other attempt");
    assert.match(inEnglish(reasons.at(-1) as Sentence), /is in use/);
    await first.close();
    clock.runNext();
    await opened();
  });
});
