import { deepEqual, equal } from "node:assert/strict";
import { ConfigError } from "../../../nodes/lib/config/fields";
import { NodeReports } from "../../../nodes/lib/node/node-reports";
import { sentence, type Translate } from "../../../nodes/lib/text/sentence";
import { FakeClock } from "../../support/fake-clock";

describe("reports of a node", () => {
  let clock: FakeClock;
  const calls: unknown[][] = [];
  const node = {
    status: (status: unknown) => calls.push(["status", status]),
    error: (error: Error, about: unknown) => calls.push(["error", String(error), about]),
  };
  const inGerman: Translate = (key, { clients, property }) =>
    ({
      "messages.publish.status-clients": `${clients} Empfänger`,
      "messages.config.must-be": `${property} ist falsch`,
    })[key] ?? key;
  let reports: NodeReports;
  beforeEach(() => {
    clock = new FakeClock();
    reports = new NodeReports(node, inGerman, clock);
    clock.advance(0);
  });

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

  it("wait until the flow has started, and keep their order", () => {
    reports = new NodeReports(node, (key) => key, clock);
    reports.status({ fill: "red", shape: "ring", text: sentence("publish.status-no-server") });
    reports.error(new ConfigError("port", 0, "a port"));
    equal(calls.length, 0);
    clock.advance(0);
    deepEqual(
      calls.map(([what]) => what),
      ["status", "error"],
    );
  });
});
