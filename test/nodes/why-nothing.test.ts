import { deepEqual, equal, match } from "node:assert/strict";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import helper from "node-red-node-test-helper";
import type { ListenerSummary } from "../../nodes/lib/cockpit/listener-endpoints";
import type { NodeState } from "../../nodes/lib/cockpit/node-state";
import type { ServerSummary } from "../../nodes/lib/cockpit/server-endpoints";
import { inEnglish } from "../../nodes/lib/text/sentence";
import { sourceAddress } from "../../nodes/lib/udp/socket/group-interface";
import udpSensorIn from "../../nodes/udp-sensor-in";
import { fields } from "../../nodes/udp-sensor-in.config";
import { editorShaped, loadFlow, nodeOf, placed, unloadFlow } from "../support/flow";
import { freeTcpPort, freeUdpPort } from "../support/free-port";
import { type RecorderNode, recorderNode } from "../support/recorder";
import { send } from "../support/udp";
import { WsClient } from "../support/ws-client";
import { out, REPORTERS, server, WsFlow } from "../support/ws-flow";

async function stateAt(path: string): Promise<NodeState> {
  const { body } = await helper.request().get(path).expect(200);
  return (body as ListenerSummary | ServerSummary).state;
}

const said = ({ text, hints }: NodeState): string => [text, ...hints].map(inEnglish).join("\n");

describe("why nothing comes out of a listener", () => {
  let port: number;

  beforeEach(async () => {
    port = await freeUdpPort();
  });

  afterEach(unloadFlow);

  async function listen(changes: object): Promise<void> {
    const node = editorShaped("udp-sensor-in", fields, { id: "in", port: String(port), ...changes });
    const watching = placed({ id: "status", type: "status", scope: null, wires: [["shown"]] });
    await loadFlow([udpSensorIn, recorderNode], [node, watching, placed({ id: "shown", type: "recorder" })]);
  }

  /** What stands below the node once it looks like that. */
  async function shown(wanted: RegExp): Promise<string> {
    const { inbox } = nodeOf("shown") as RecorderNode;
    for (;;) {
      const { text } = (await inbox.next()).status as { text: string };
      if (wanted.test(text)) return text;
    }
  }

  it("is that it listens to this machine alone", async () => {
    await listen({ address: "127.0.0.1" });
    equal(await shown(/^port/), `port ${port}, local`);
    match(said(await stateAt("/sensorcast/udp/in/state")), /only programs on this machine can reach/);
  });

  it("is a group that is silent, with the interface on which it is joined", async () => {
    await listen({ address: "127.0.0.1", groups: ["239.9.8.7"] });
    const all = networkInterfaces();
    const name = Object.keys(all).find((each) => all[each]?.some((info) => info.address === "127.0.0.1"));
    equal(await shown(/ /), `239.9.8.7 ${name}`);
    match(said(await stateAt("/sensorcast/udp/in/state")), new RegExp(`joined on: ${name} \\(239\\.9\\.8\\.7\\)`));
  });

  it("is that a group is joined where the system chooses, by the route to it", async () => {
    equal(await sourceAddress("127.0.0.1"), "127.0.0.1");
    equal(await sourceAddress("not an address"), undefined);
  });

  it("is that all is rejected: the status stays yellow with the reason, and the hint says what to do", async () => {
    await listen({ format: "json" });
    await shown(/^port/);
    await send(port, ["21,5"]);
    equal(await shown(/rejected/), "rejected: format");
    const state = await stateAt("/sensorcast/udp/in/state");
    equal(state.level, "warning");
    match(said(state), /^all datagrams were rejected: 1\nThe last one: .* is not JSON/);
    match(said(state), /None of them could be read as json/);
  });

  it("is what its configuration does not accept, also where no listener runs", async () => {
    await listen({ maxBytes: "0" });
    equal(await shown(/./), "bad maxBytes");
    const state = await stateAt("/sensorcast/udp/in/state");
    deepEqual(state.text.values.property, { label: "udp-sensor-in.label.maxBytes" });
  });
});

describe("why nobody gets anything of a server", () => {
  let flow: WsFlow;
  const shown = async (wanted: RegExp): Promise<string> => {
    for (;;) {
      const { text } = (await flow.next("shown")).status as { text: string };
      if (wanted.test(text)) return text;
    }
  };
  const start = async (changes: object = {}, credentials?: object): Promise<void> => {
    const nodes = [server("server", changes, credentials), out("out", { server: "server" }), ...REPORTERS];
    flow = await WsFlow.start(nodes);
  };

  afterEach(async () => {
    await flow.stop();
  });

  it("is that nobody is connected", async () => {
    await start();
    equal(await shown(/./), "nobody connected");
    match(said(await stateAt("/sensorcast/ws/server/state")), /^nobody is connected/);
  });

  it("is what its configuration does not accept", async () => {
    await start({ path: "no slash" });
    equal(await shown(/./), "bad path");
    match(said(await stateAt("/sensorcast/ws/server/state")), /not running: path must be a path such as/);
  });

  it("is that no server is chosen", async () => {
    flow = await WsFlow.start([out("out"), ...REPORTERS]);
    equal(await shown(/./), "no server chosen");
  });

  it("is a port that somebody else has", async () => {
    const port = await freeTcpPort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    await start({ where: "own", port: String(port), host: "127.0.0.1" });
    equal(await shown(/port/), "port in use");
    match(said(await stateAt("/sensorcast/ws/server/state")), /clients cannot connect: port \d+ .* in use/);
    other.close();
  });

  it("is that they were refused, and why, also beside somebody who was not", async () => {
    await start();
    for (let times = 0; times < 2; times++) {
      await WsClient.connect(flow.url(), { origin: "https://page.example" }).catch(() => undefined);
    }
    equal(await shown(/2/), "2 refused: origin");
    const client = await WsClient.connect(flow.url());
    flow.node("out").receive({ topic: "attic", payload: 1 });
    await client.next();
    match(
      said(await stateAt("/sensorcast/ws/server/state")),
      /^clients served: 1\nRefused in the last hour: 2\..*page\.example/,
    );
  });

  it("is that clients want other topics", async () => {
    await start();
    await WsClient.connect(`${flow.url()}?topic=cellar/%23`);
    await shown(/^1 client$/);
    flow.node("out").receive({ topic: "attic", payload: 1 });
    equal(await shown(/wanted/), "wanted by 0 of 1");
    match(said(await stateAt("/sensorcast/ws/server/state")), /Published last: attic\. Clients ask for: cellar\/#\./);
  });
});
