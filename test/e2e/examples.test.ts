import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import WebSocket from "ws";
import { startAedes } from "../scale/brokers";
import { freeUdpPort } from "../support/free-port";
import { until } from "../support/until";
import type { FlowNode } from "./admin-api";
import { sendFromAnotherProcess } from "./datagram";
import { DASHBOARD_2, EXAMPLE, type InstalledPackage, installPackage, MODULE, UIBUILDER } from "./installed-package";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 60_000;
const PAGE_LIMIT_MS = 20_000;
/** It looks for its page before it has made one. */
const OF_UIBUILDER = /index\.html does not exist/;
const EXAMPLES = resolve(__dirname, "../../examples");
const MULTICAST_GROUP = "239.10.20.30";

/** What a client of an example is to receive, sooner or later. */
interface Expected {
  /** Its WebSocket, with the query. */
  readonly ws: string;
  readonly protocols?: string[];
  /** Sent to it by a sensor that is not simulated, if it takes JSON. */
  readonly fed?: object;
  readonly receives: RegExp;
  readonly page?: string;
  /** It needs an MQTT broker. */
  readonly needsBroker?: true;
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  [EXAMPLE]: { ws: "/ws", fed: { sensor: "fed", value: 1 }, receives: /"sensor":"fed"/, page: "/sensors" },
  "pages/own-page": {
    ws: "/ws-own-page",
    fed: { sensor: "fed", value: 1 },
    receives: /"sensor":"fed"/,
    page: "/own-page",
  },
  "pages/dashboard2-chart": {
    ws: "/ws-dashboard",
    fed: { sensor: "fed", value: 1 },
    receives: /"sensor":"fed"/,
    page: "/dashboard/sensorcast",
  },
  "pages/uibuilder-page": {
    ws: "/ws-uibuilder",
    fed: { sensor: "fed", value: 1 },
    receives: /"sensor":"fed"/,
    page: "/sensorcast/live.html",
  },
  "devices/csv-device": {
    ws: "/ws-csv?topic=attic",
    receives: /"temperature":2\d(\.\d)?,"humidity":\d+,"window":"open"/,
  },
  "devices/binary-record": {
    ws: "/ws-binary?topic=pump/7",
    receives: /"temperature":2\d\.\d+,.*"battery":83,"ok":true/,
  },
  "devices/marine-nmea": { ws: "/ws-nmea?topic=boat/GP/GLL", receives: /54\.1/ },
  "devices/phone-sensors": {
    ws: "/ws-phone?topic=phone/accelerometer",
    receives: /"x":-?[01]\.\d+,"y":0\.2/,
    page: "/ws-phone/",
  },
  "devices/multicast": { ws: "/ws-multicast", receives: /"sensor":"meter"/ },
  "access/tokens-for-tenants": {
    ws: "/ws-tenants",
    protocols: ["sensorcast", "bearer.example-token-of-the-north-plant"],
    fed: { plant: "north", sensor: "fed", value: 1 },
    receives: /"sensor":"fed"/,
  },
  "access/who-is-connected": { ws: "/ws-clients", receives: /\{"connected":1,"addresses":\["127\.0\.0\.1"\]\}/ },
  "scale-out-mqtt": { ws: "/ws-edge?topic=boiler", receives: /"sensor":"boiler"/, needsBroker: true },
  "alarms/offline-alarm": {
    ws: "/ws-alarm?topic=alarms/%2B",
    fed: { sensor: "fed", value: 1 },
    receives: /"sensor":"fed","value":"offline"/,
  },
};

describe("the examples", () => {
  it("are all tried", () => {
    const files = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
    const names = files.map((file) => file.replaceAll("\\", "/").replace(/\.json$/, ""));
    assert.deepEqual(names.sort(), Object.keys(EXPECTED).sort());
  });
});

describeTargets("An example", undefined, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target, { packages: [DASHBOARD_2, UIBUILDER] });
  });
  after(async () => {
    await installed?.close();
  });

  for (const [name, { ws, protocols, fed, receives, page, needsBroker }] of Object.entries(EXPECTED)) {
    it(`such as ${name} imports, deploys and does what it says`, async function () {
      if (name === "devices/multicast" && !(await loopbackTakesGroups())) this.skip();
      const example = await installed.api.example(MODULE, name);
      assert.ok(
        example.some(({ type }) => type === "comment"),
        "no comment says what to try",
      );
      const port = await freeUdpPort();
      const logged = installed.nodeRed.log().length;
      const broker = needsBroker && (await startAedes());
      await installed.deploy(withBroker(onPort(example, port), broker?.port));
      const client = new WebSocket(installed.nodeRed.url.replace("http", "ws") + ws, protocols);
      const received = new Promise<void>((done) => {
        client.on("message", (data) => receives.test(String(data)) && done());
      });
      await once(client, "open");
      if (fed !== undefined) await sendFromAnotherProcess(port, fed);
      await received;
      client.terminate();
      await broker?.stop();
      if (page !== undefined) {
        await until(
          async () => (await fetch(installed.nodeRed.url + page)).ok,
          `there is no page ${page}`,
          PAGE_LIMIT_MS,
        );
      }
      const trouble =
        installed.nodeRed
          .log()
          .slice(logged)
          .match(/.*\[(error|warn)\].*/g) ?? [];
      assert.deepEqual(
        trouble.filter((line) => !OF_UIBUILDER.test(line)),
        [],
      );
    });
  }
});

/** The example with another broker than the one that most computers have, if any. */
function withBroker(example: FlowNode[], brokerPort: number | undefined): FlowNode[] {
  if (brokerPort === undefined) return example;
  return example.map((node) => (node.type === "mqtt-broker" ? { ...node, port: String(brokerPort) } : node));
}

/** The example on another UDP port, wherever it names its own. */
function onPort(example: readonly FlowNode[], port: number): FlowNode[] {
  const own = example.find(({ type }) => type === "udp-sensor-in")?.port;
  return JSON.parse(JSON.stringify(example).replaceAll(String(own ?? port), String(port)));
}

async function loopbackTakesGroups(): Promise<boolean> {
  const socket = createSocket("udp4");
  try {
    await new Promise<void>((resolve) => socket.bind(0, resolve));
    socket.addMembership(MULTICAST_GROUP, "127.0.0.1");
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
