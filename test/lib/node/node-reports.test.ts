import { deepEqual } from "node:assert/strict";
import { ConfigError } from "../../../nodes/lib/config/fields";
import { NodeReports } from "../../../nodes/lib/node/node-reports";
import { sentence, type Translate } from "../../../nodes/lib/text/sentence";

describe("reports of a node", () => {
  const calls: unknown[][] = [];
  const node = {
    status: (...told: unknown[]) => calls.push(["status", ...told]),
    error: (...told: unknown[]) => calls.push(["error", ...told]),
  };
  const inGerman: Translate = (key, { clients, property }) =>
    ({
      "messages.publish.status-clients": `${clients} Empfänger`,
      "messages.config.must-be": `${property} ist falsch`,
    })[key] ?? key;
  const reports = new NodeReports(node, inGerman);
  afterEach(() => {
    calls.length = 0;
  });

  it("are in the language of its user", () => {
    reports.status({ fill: "green", shape: "dot", text: sentence("publish.status-clients", { clients: 3 }) });
    deepEqual(calls, [["status", { fill: "green", shape: "dot", text: "3 Empfänger" }]]);
  });

  it("give the code of an error to those who catch it", () => {
    reports.error(new ConfigError("port", 0, "a port"));
    deepEqual(calls, [["error", "port ist falsch", { code: "CONFIG_INVALID" }]]);
  });
});
