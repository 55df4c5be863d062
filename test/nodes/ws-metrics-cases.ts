import assert from "node:assert/strict";
import { freeTcpPort } from "../support/free-port";
import { samplesOf } from "../support/metrics-page";
import { until } from "../support/until";
import { WsClient } from "../support/ws-client";
import { out, WsFlow } from "../support/ws-flow";
import { serverSuite } from "./server-suite";

const TOKENS = [{ name: "monitor", token: "monitor-0123456789", topics: ["$metrics"] }];

export const describeMetrics = serverSuite("metrics of a server", (server) => {
  let flow: WsFlow;
  let port: number;

  const configured = (metrics: boolean, tokens?: typeof TOKENS) => [
    server("server", { metrics, port: String(port) }, { tokens }),
    out("out", { server: "server" }),
  ];
  const open = async (): Promise<void> => {
    await until(() => flow.server("server").broadcast?.unreachableReason === undefined, "the port is not open");
  };
  const get = (headers: Record<string, string> = {}) => fetch(`http://127.0.0.1:${port}/ws/metrics`, { headers });

  beforeEach(async () => {
    port = await freeTcpPort();
  });
  afterEach(() => flow.stop());

  it("are nowhere to be found as long as they are not wanted", async () => {
    flow = await WsFlow.start(configured(false));
    await until(async () => (await get().catch(() => undefined))?.status === 404, "there are metrics");
  });

  it("tell what the server has counted", async () => {
    flow = await WsFlow.start(configured(true));
    await until(async () => (await get().catch(() => undefined))?.status === 200, "there are no metrics");
    const client = await WsClient.connect(`ws://127.0.0.1:${port}/ws`);
    flow.node("out").receive({ topic: "a", payload: 1 });
    await client.next();
    const counted = samplesOf(await (await get()).text());
    assert.equal(counted.get("sensorcast_readings_published_total"), 1);
    assert.equal(counted.get('sensorcast_clients{mode="stream"}'), 1);
  });

  it("are for a token that lists them, from the deploy on that lists it", async () => {
    flow = await WsFlow.start(configured(true));
    await open();
    await flow.deploy(configured(true, TOKENS));
    await until(async () => (await get().catch(() => undefined))?.status === 401, "anybody may read the metrics");
    assert.equal((await get({ Authorization: "Bearer monitor-0123456789" })).status, 200);
  });
});
