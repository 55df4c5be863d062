import { deepEqual, equal, match } from "node:assert/strict";
import { type FlowNode, placed } from "../support/flow";
import { askUpgrade } from "../support/raw-http";
import { until } from "../support/until";
import { WsClient } from "../support/ws-client";
import { out, REPORTERS, WsFlow } from "../support/ws-flow";
import { serverSuite } from "./server-suite";

const MANY = 200;
const COMPLETE: readonly FlowNode[] = [
  placed({ id: "complete", type: "complete", scope: ["out"], wires: [["handled"]] }),
  placed({ id: "handled", type: "recorder" }),
];

export const describeUnsendable = serverSuite("messages that ws-broadcast-out cannot send", (server) => {
  const badServer = server("server", { path: "no slash" });
  let flow: WsFlow;
  const start = async (...nodes: readonly FlowNode[]): Promise<void> => {
    flow = await WsFlow.start([out("out", { server: "server" }), ...nodes]);
  };
  const sendMany = (message: object = {}): void => {
    for (let payload = 0; payload < MANY; payload++) flow.node("out").receive({ payload, ...message });
  };
  const lines = (): string[] => flow.errorsOf("out");

  afterEach(async () => {
    await flow.stop();
  });

  it("each reach a catch node, which keeps them out of the log, and none is complete", async () => {
    await start(badServer, ...REPORTERS);
    equal(((await flow.next("handled")).error as { source: { id: string } }).source.id, "server");
    sendMany();
    for (let payload = 0; payload < MANY; payload++) {
      const caught = await flow.next("handled");
      const error = caught.error as { message: string; code: string };
      equal(caught.payload, payload);
      match(error.message, /^there is no valid ws-broadcast-server to send with: .*no slash/);
      equal(error.code, "NOT_SENT");
    }
    deepEqual(lines(), []);
  });

  it("are told once with the cause when nobody catches them, and counted", async () => {
    await start(badServer, ...COMPLETE);
    sendMany();
    await until(() => lines().length > 0, "no line");
    await flow.deploy([server("server"), out("out", { server: "server" }), ...COMPLETE]);
    const [first, last, ...others] = lines();
    match(String(first), /^there is no valid ws-broadcast-server to send with: .*no slash/);
    match(String(last), new RegExp(`\\(${MANY - 1} more since the last line\\)$`));
    deepEqual(others, []);
    flow.node("out").receive({ payload: "sent" });
    equal((await flow.next("handled")).payload, "sent");
  });

  it("are told again when the cause changes", async () => {
    await start(server("server"), ...COMPLETE);
    const { broadcast } = flow.server("server");
    if (broadcast === undefined) throw new Error("no server");
    for (const key of ["endpoint.no-web-server", "endpoint.no-http-root"] as const) {
      broadcast.unreachableReason = { key, values: {} };
      sendMany();
    }
    await until(() => lines().length >= 3, "too few lines");
    broadcast.unreachableReason = undefined;
    const starts = lines().map((line) => /^nobody can be reached: ([^:]+):.*?(\(\d+)?[^(]*$/.exec(line)?.slice(1));
    const [webServer, root] = [
      "Node-RED runs without a web server here",
      "httpNodeRoot is switched off in Node-RED's settings",
    ];
    const rest = `(${MANY - 1}`;
    deepEqual(starts, [
      [webServer, undefined],
      [webServer, rest],
      [root, undefined],
      [root, rest],
    ]);
  });

  it("take one line and one more a second when they are for a client that has left", async () => {
    await start(server("server"), ...COMPLETE);
    sendMany({ broadcast: { client: "ws-000000-1" } });
    sendMany({ broadcast: { command: "dance" } });
    await until(() => lines().length === 4, "there are not two lines of each kind");
    const ends = lines().map((line) => /\(.*/.exec(line)?.[0]);
    const rest = `(${MANY - 1} more since the last line)`;
    deepEqual(ends, [undefined, undefined, rest, rest]);
  });
});

export const describeStatus = serverSuite("the status of ws-broadcast-out", (server) => {
  let flow: WsFlow;
  /** Resolves once it looks like that. */
  const shown = async (wanted: RegExp): Promise<void> => {
    while (!wanted.test(JSON.stringify((await flow.next("shown")).status)));
  };

  afterEach(async () => {
    await flow.stop();
  });

  it("tells of clients that were refused as long as nobody is connected", async () => {
    flow = await WsFlow.start([server("server"), out("out", { server: "server" }), ...REPORTERS]);
    await shown(/"nobody connected"/);
    for (let times = 0; times < 3; times++) {
      equal((await askUpgrade({ port: flow.port, path: "/ws?mode=fast" })).status, 400);
    }
    await shown(/"yellow".*"3 refused: request"/);
    await WsClient.connect(flow.url());
    await shown(/"green".*"1 client"/);
  });
});
