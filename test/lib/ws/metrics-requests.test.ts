import assert from "node:assert/strict";
import { AccessControl } from "../../../nodes/lib/access/access-control";
import { TokenSet } from "../../../nodes/lib/access/token-set";
import { ServerMetrics } from "../../../nodes/lib/metrics/server-metrics";
import { metricsRequests } from "../../../nodes/lib/ws/metrics-requests";
import { BroadcastHarness, type HarnessOptions } from "../../support/broadcast-harness";
import { FakeClock } from "../../support/fake-clock";
import { samplesOf } from "../../support/metrics-page";
import { askUpgrade } from "../../support/raw-http";

const TOKENS = new AccessControl(
  new TokenSet([
    { name: "monitor", token: "monitor", filters: ["$metrics"], expiresAt: undefined },
    { name: "all", token: "all", filters: ["#"], expiresAt: undefined },
  ]),
);

const PLAIN = { Upgrade: "", Connection: "close" };

describe("request for metrics", () => {
  let server: BroadcastHarness;
  let failure: unknown;

  const start = async (options: HarnessOptions = {}): Promise<void> => {
    failure = undefined;
    const metrics = new ServerMetrics(
      { server: () => server.broadcast.figures(), listeners: () => [] },
      new FakeClock(),
    );
    server = await BroadcastHarness.start({
      ...options,
      onPass: (durationMs, waitedMs) => metrics.passed(durationMs, waitedMs),
      assets: metricsRequests(metrics, {
        refusalOf: (request) => server.broadcast.scrapeRefusal(request),
        onError: (error) => {
          failure = error;
        },
      }),
    });
    server.after(() => assert.ifError(failure));
  };
  const get = (query = "", headers: Record<string, string> = {}) =>
    fetch(server.webUrl(`/metrics${query}`), { headers });
  const samples = async () => samplesOf(await (await get()).text());

  afterEach(() => server.stop());

  it("is answered with what is counted, in which nothing is missing", async () => {
    await start();
    const client = await server.connect("?topic=a");
    const gone = await server.connect("?topic=b&mode=latest");
    for (const topic of ["a", "b", "a"]) server.publish(topic);
    await client.next();
    await client.next();
    await gone.next();
    await gone.close();
    await client.roundTrip();
    const counted = await samples();
    assert.equal(counted.get("sensorcast_readings_published_total"), 3);
    assert.equal(counted.get("sensorcast_deliveries_offered_total"), 3);
    assert.equal(counted.get('sensorcast_deliveries_total{fate="delivered"}'), 3);
    assert.equal(counted.get('sensorcast_clients{mode="stream"}'), 1);
    assert.equal(counted.get('sensorcast_clients{mode="latest"}'), 0);
    assert.equal(counted.get("sensorcast_log_bytes"), 9);
    assert.ok((counted.get("sensorcast_pass_duration_seconds_count") ?? 0) > 0);
  });

  it("is answered in the format that is asked for", async () => {
    await start();
    assert.equal((await get()).headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const accept = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
    const answer = await get("", { Accept: accept });
    assert.equal(answer.headers.get("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assert.match(await answer.text(), /# EOF\n$/);
  });

  it("needs a token with the topic $metrics where tokens are listed, and no other will do", async () => {
    await start({ access: TOKENS });
    const anonymous = await get();
    assert.deepEqual([anonymous.status, anonymous.headers.get("www-authenticate")], [401, "Bearer"]);
    const wrong = await get("", { Authorization: "Bearer all" });
    assert.equal(wrong.status, 403);
    assert.match(((await wrong.json()) as { error: string }).error, /\$metrics/);
    assert.equal((await get("", { Authorization: "Bearer monitor" })).status, 200);
    assert.equal((await get("?token=monitor")).status, 200);
    assert.deepEqual(server.broadcast.counts().refused, { 401: 1, 403: 1 });
  });

  it("lets its token read no topic", async () => {
    await start({ access: TOKENS });
    const headers = { Authorization: "Bearer monitor" };
    assert.equal((await server.ask({ path: "/ws?topic=a", headers })).status, 403);
    const client = await server.connect("", { headers });
    server.publish("a");
    await client.roundTrip();
    assert.equal(client.queued, 0);
  });

  it("is refused without tokens to all but this machine, to what proxies pass on, and to names of others", async () => {
    await start();
    const statusFor = async (headers: Record<string, string>) =>
      (await askUpgrade({ port: server.port, path: "/ws/metrics", headers: { ...PLAIN, ...headers } })).status;
    const host = `localhost:${server.port}`;
    assert.equal(await statusFor({ Host: host }), 200);
    assert.equal(await statusFor({ Host: "rebound.example" }), 403);
    assert.equal(await statusFor({ Host: host, "X-Forwarded-For": "127.0.0.1" }), 403);
    assert.equal(await statusFor({ Host: host, Forwarded: "for=192.0.2.1" }), 403);
    await server.stop();
    await start({ settings: { trustedProxies: ["127.0.0.1"] } });
    assert.equal(await statusFor({ Host: host, "X-Forwarded-For": "192.0.2.1" }), 403);
    assert.equal(await statusFor({ Host: host, "X-Forwarded-For": "127.0.0.1" }), 200);
  });

  it("is limited like other questions", async () => {
    await start({ settings: { maxConnectRate: 1 } });
    const statuses = [];
    for (let n = 0; n < 10; n++) statuses.push((await get()).status);
    assert.deepEqual([statuses[0], statuses.at(-1)], [200, 429]);
  });
});
