import { deepEqual, equal, match } from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { freeTcpPort } from "../support/free-port";
import { isInstalled, ProxyProcess } from "../support/proxy-process";
import { UPGRADE_HEADERS } from "../support/raw-http";
import { WsClient } from "../support/ws-client";
import { out, server, WsFlow } from "../support/ws-flow";

describe("behind a proxy set up as the recipe says", () => {
  for (const program of ["nginx", "caddy"] as const) {
    describe(program, () => {
      let flow: WsFlow;
      let proxy: ProxyProcess;
      let port: number;

      before(async function () {
        if (!isInstalled(program)) this.skip();
        const nodes = [server("server", { trustedProxies: ["127.0.0.1", "::1"] }), out("out", { server: "server" })];
        flow = await WsFlow.start(nodes);
        port = await freeTcpPort();
        proxy = await ProxyProcess.start(program, port, flow.port);
      });

      after(async () => {
        await proxy?.stop();
        await flow?.stop();
      });

      it("lets in a page of the proxy's own address, and its readings through", async () => {
        const client = await WsClient.connect(`ws://127.0.0.1:${port}/ws`, { origin: `http://127.0.0.1:${port}` });
        flow.node("out").receive({ topic: "boiler", payload: "21.5" });
        equal(await client.next(), "21.5");
        await client.close();
      });

      it("refuses a page of another host, in words that pass the proxy", async () => {
        const headers = { ...UPGRADE_HEADERS, Origin: "https://elsewhere.example" };
        const [answer] = (await once(
          get({ host: "127.0.0.1", port, path: "/ws", headers, agent: false }),
          "response",
        )) as [IncomingMessage];
        equal(answer.statusCode, 403);
        match(await text(answer), /elsewhere\.example/);
      });

      it("shows the server the address of the client, not one that the client invents", async () => {
        const headers = { "X-Forwarded-For": "203.0.113.9" };
        const client = await WsClient.connect(`ws://127.0.0.1:${port}/ws`, { headers });
        const addresses = flow
          .server("server")
          .broadcast?.clients()
          .map(({ address }) => address);
        deepEqual(addresses, ["127.0.0.1"]);
        await client.close();
      });
    });
  }
});
