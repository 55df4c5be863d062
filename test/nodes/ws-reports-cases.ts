import { deepEqual, equal, match } from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { FlowNode } from "../support/flow";
import { out, REPORTERS, WsFlow } from "../support/ws-flow";
import { serverSuite } from "./server-suite";

interface Report {
  readonly message: string;
  readonly code: string;
  readonly source: { readonly id: string };
}

export const describeReports = serverSuite("reports of the nodes while their flow starts", (server) => {
  let flow: WsFlow;
  const start = async (...nodes: FlowNode[]): Promise<void> => {
    flow = await WsFlow.start([...nodes, ...REPORTERS]);
  };
  const caught = async (): Promise<Report> => (await flow.next("handled")).error as Report;
  const shown = async (): Promise<string> => ((await flow.next("shown")).status as { text: string }).text;

  afterEach(async () => {
    await flow.stop();
  });

  it("reach a catch and a status node when ws-broadcast-out is not configured well", async () => {
    await start(server("server"), out("out", { server: "server", envelope: "maybe" }));
    const { message, code, source } = await caught();
    match(message, /maybe/);
    deepEqual([code, source.id], ["CONFIG_INVALID", "out"]);
    equal(await shown(), "bad envelope");
  });

  it("reach those beside the nodes that use it when ws-broadcast-server is not configured well", async () => {
    await start(server("server", { path: "no slash" }), out("out", { server: "server" }));
    const { message, code, source } = await caught();
    match(message, /no slash/);
    deepEqual([code, source.id], ["CONFIG_INVALID", "server"]);
    equal(await shown(), "bad path");
  });

  it("reach them when two servers want the same path", async () => {
    await start(server("first"), server("server"), out("out", { server: "server" }));
    const { message, code, source } = await caught();
    match(message, /\/ws/);
    deepEqual([code, source.id], ["NOT_REACHABLE", "server"]);
    equal(await shown(), "path is taken");
  });

  describe("with a port that is taken", () => {
    let other: Server;
    before(async () => {
      other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
    });
    after(async () => {
      await once(other.close(), "close");
    });

    it("reach them, too", async () => {
      const { port } = other.address() as AddressInfo;
      await start(server("server", { port: String(port) }), out("out", { server: "server" }));
      const { message, code, source } = await caught();
      match(message, new RegExp(`${port}`));
      deepEqual([code, source.id], ["NOT_REACHABLE", "server"]);
    });
  });
});
