import type { Node, NodeAPI, NodeDef } from "node-red";
import { PropertyError, parseConfig, type SavedConfig } from "./lib/config/fields";
import { systemClock } from "./lib/time/clock";
import { FailureReports } from "./lib/udp/reports/failure-reports";
import { SensorInput } from "./lib/udp/sensor-input";
import { SocketPool } from "./lib/udp/socket/socket-pool";
import { fields, rules } from "./udp-sensor-in.config";

const TYPE = "udp-sensor-in";

/** By the id of their node. Of the module, for the endpoint of a package that is removed and installed again stays the first. */
const inputs = new Map<string, SensorInput>();

export default (RED: NodeAPI): void => {
  const pool = new SocketPool();

  function construct(this: Node, def: NodeDef & SavedConfig<typeof fields>): void {
    RED.nodes.createNode(this, def);
    try {
      const input = new SensorInput(
        parseConfig(fields, def, { type: TYPE, rules, environment: (name) => RED.util.getSetting(this, name) }),
        {
          reading: (message) => this.send(message),
          notice: (message) => this.send([null, message]),
          status: (status) => this.status(status),
          warn: (line) => this.warn(line),
          error: (message, code) => this.error(message, { code }),
        },
        pool,
      );
      inputs.set(this.id, input);
      this.on("close", (done: () => void) => {
        inputs.delete(this.id);
        input.stop().then(done, done);
      });
    } catch (error) {
      if (!(error instanceof PropertyError)) throw error;
      refuse(this, error);
    }
  }

  function refuse(node: Node, error: PropertyError): void {
    const { property, code } = error;
    const message = error.translated(RED._);
    const failures = new FailureReports(
      {
        show: ({ brief }) => node.status({ fill: "red", shape: "dot", text: brief }),
        report: () => node.error(message, { code }),
      },
      systemClock,
    );
    failures.add({ message, brief: `bad ${property}`, code });
    node.on("close", () => failures.stop());
  }

  RED.nodes.registerType(TYPE, construct);
  RED.httpAdmin.get("/sensorcast/udp/:id", RED.auth.needsPermission("udp-sensor-in.read"), (request, response) => {
    const input = inputs.get(String(request.params.id));
    if (input === undefined) response.status(204).end();
    else response.json(input.stats());
  });
};
