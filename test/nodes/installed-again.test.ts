import assert from "node:assert/strict";
import type { NodeAPI, NodeInitializer } from "node-red";
import udpSensorIn from "../../nodes/udp-sensor-in";
import broadcastServer from "../../nodes/ws-broadcast-server";
import { loadFlow, unloadFlow } from "../support/flow";

const NODES = { "udp-sensor-in": udpSensorIn, "ws-broadcast-server": broadcastServer } as Record<
  string,
  NodeInitializer
>;

describe("a package that is removed and installed again", () => {
  afterEach(unloadFlow);

  for (const [type, load] of Object.entries(NODES)) {
    it(`adds the addresses of ${type} to the admin API only once`, async () => {
      const added: string[] = [];
      const add = (path: string): number => added.push(path);
      let api: NodeAPI | undefined;
      await loadFlow(
        ((RED: NodeAPI) => {
          api = RED;
        }) as NodeInitializer,
        [],
      );
      assert.ok(api);
      // Node-RED takes a type out when its package is removed, but an address of Express stays.
      const nodes = { ...api.nodes, registerType: () => undefined };
      const again = { ...api, nodes, httpAdmin: { get: add, post: add } } as unknown as NodeAPI;
      load(again);
      const first = [...added];
      assert.ok(first.length > 0);
      load(again);
      assert.deepEqual(added, first);
    });
  }
});
