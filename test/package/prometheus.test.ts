import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Panel, readDashboard, type Target } from "../support/dashboard";
import { FlowProcess } from "../support/flow-process";
import { freeUdpPort } from "../support/free-port";
import { promtoolProblems } from "../support/metrics-page";
import { hasPrometheus, PrometheusProcess, type Sample } from "../support/prometheus-process";
import { askUpgrade } from "../support/raw-http";
import { until } from "../support/until";
import { WsClient } from "../support/ws-client";

const README = resolve(__dirname, "../../README.md");
const MONITOR = "monitor-0123456789";
const READER = "reader-0123456789";
const TOKENS = [
  { name: "monitor", token: MONITOR, topics: ["$metrics"] },
  { name: "reader", token: READER, topics: ["#"] },
];
const SCRAPE_SECONDS = 1;
/** As Grafana calculates it for so short an interval. */
const RATE_INTERVAL = `${4 * SCRAPE_SECONDS}s`;
const LOAD_INTERVAL_MS = 50;
const DATA_TIMEOUT_MS = 40_000;
const DASHBOARD = readDashboard();

/** The scrape configuration that the README gives, for a port and a token. */
function configurationFor(port: number): string {
  const [, block = ""] = /```yaml\n(scrape_configs:.*?)```/s.exec(readFileSync(README, "utf8")) ?? [];
  assert.match(block, /TOKEN.*localhost:1880/s);
  const scraped = block.replace("TOKEN", MONITOR).replace("localhost:1880", `127.0.0.1:${port}`);
  return `global: { scrape_interval: ${SCRAPE_SECONDS}s, scrape_timeout: ${SCRAPE_SECONDS}s }\n${scraped}`;
}

/** With all variables set to all, as the dashboard opens. */
function filledIn(text: string): string {
  const values = DASHBOARD.templating.list.map(({ name, allValue = "" }) => [name, allValue] as const);
  return [...values, ["__rate_interval", RATE_INTERVAL] as const].reduce(
    (filled, [name, value]) => filled.replaceAll(`$${name}`, value),
    text,
  );
}

const hasData = (samples: readonly Sample[]): boolean => samples.some(({ value }) => Number.isFinite(value));

(hasPrometheus ? describe : describe.skip)("a Prometheus that scrapes a server under load", function () {
  this.timeout(120_000);
  let nodeRed: FlowProcess;
  let prometheus: PrometheusProcess;
  let socket: Socket;
  let loading: NodeJS.Timeout;
  const clients: WsClient[] = [];

  before(async () => {
    const port = await freeUdpPort();
    nodeRed = await FlowProcess.start({
      flow: [
        { id: "tab", type: "tab", label: "metered" },
        { id: "server", type: "ws-broadcast-server", path: "/ws", metrics: true, requireToken: true, senders: "1" },
        {
          id: "in",
          z: "tab",
          type: "udp-sensor-in",
          name: "hall",
          port: String(port),
          format: "json",
          wires: [["out"]],
        },
        { id: "out", z: "tab", type: "ws-broadcast-out", server: "server", wires: [] },
      ],
      credentials: { server: { tokens: TOKENS } },
      settings: { credentialSecret: false },
    });
    const url = `${nodeRed.url.replace("http", "ws")}/ws?token=${READER}`;
    for (const mode of ["stream", "latest"]) clients.push(await WsClient.connect(`${url}&mode=${mode}`));
    socket = createSocket("udp4");
    let turn = 0;
    loading = setInterval(() => {
      turn++;
      for (let n = 0; n < 10; n++) socket.send(`{"sensor":"s${n}","value":${turn}}`, port, "127.0.0.1");
      socket.send("no JSON", port, "127.0.0.1");
      void askUpgrade({ port: nodeRed.port, path: "/ws" });
    }, LOAD_INTERVAL_MS);
    prometheus = await PrometheusProcess.start(configurationFor(nodeRed.port));
  });

  after(async () => {
    clearInterval(loading);
    socket?.close();
    for (const { socket: each } of clients) each.terminate();
    await prometheus?.stop();
    await nodeRed?.stop();
  });

  const panel = async (title: string): Promise<Sample[]> => {
    const [target] = DASHBOARD.panels.find((each) => each.title === title)?.targets ?? [];
    assert.ok(target, `no panel ${title}`);
    return await prometheus.query(filledIn(target.expr));
  };

  it("gets data for every graph of the dashboard, with the labels that its legend names", async () => {
    const missing: [Panel, Target][] = DASHBOARD.panels.flatMap((each) =>
      each.targets.map((target): [Panel, Target] => [each, target]),
    );
    const take = async (): Promise<boolean> => {
      for (const pair of [...missing]) {
        const [{ title }, { expr, legendFormat }] = pair;
        const samples = await prometheus.query(filledIn(expr));
        if (!hasData(samples)) continue;
        for (const [, label = ""] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
          for (const { labels } of samples) assert.ok(labels[label], `${title} has no label ${label}`);
        missing.splice(missing.indexOf(pair), 1);
      }
      return missing.length === 0;
    };
    await until(take, "not every graph has data", DATA_TIMEOUT_MS).catch(() => undefined);
    assert.deepEqual(
      missing.map(([{ title }, { expr }]) => `${title}: ${expr}`),
      [],
    );
  });

  it("sees in them what there is", async () => {
    const valueAt = (samples: readonly Sample[], label: string, is: string): number =>
      samples.find(({ labels }) => labels[label] === is)?.value ?? Number.NaN;
    assert.equal((await panel("Clients"))[0]?.value, clients.length);
    assert.equal((await panel("Sender processes"))[0]?.value, 1);
    assert.equal(valueAt(await panel("Clients by mode"), "mode", "latest"), 1);
    assert.equal((await panel("Topics"))[0]?.value, 10);
    assert.ok(valueAt(await panel("Refusals"), "status", "401") > 0);
    const datagrams = await panel("Datagrams");
    assert.equal(datagrams[0]?.labels.name, "hall");
    const [emitted, rejected] = ["emitted", "rejected_decode"].map((fate) => valueAt(datagrams, "fate", fate));
    assert.ok(emitted !== undefined && rejected !== undefined && emitted > 5 * rejected && rejected > 0);
    const [[published], [deliveries]] = [await panel("Readings published"), await panel("Deliveries")];
    assert.ok(published !== undefined && deliveries !== undefined && deliveries.value > published.value);
  });

  it("finds values for the variables of the dashboard", async () => {
    for (const { name, definition } of DASHBOARD.templating.list) {
      const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(definition ?? "") ?? [];
      if (selector === undefined || label === undefined) continue;
      const values = await prometheus.labelValues(label, filledIn(selector));
      assert.deepEqual(values, [{ job: "sensorcast", instance: `127.0.0.1:${nodeRed.port}` }[name]]);
    }
  });

  it("gets a page that promtool has nothing to say against", async () => {
    const answer = await fetch(`${nodeRed.url}/ws/metrics`, { headers: { Authorization: `Bearer ${MONITOR}` } });
    assert.equal(promtoolProblems(await answer.text()), "");
  });
});
