import type { Node, NodeAPI, NodeDef } from "node-red";
import { parseConfig, type SavedConfig } from "./lib/config/fields";
import { NodeReports } from "./lib/node/node-reports";
import { translated } from "./lib/text/sentence";
import { TurnBudget } from "./lib/time/turn-budget";
import type { SocketEnvironment } from "./lib/udp/socket/socket-environment";
import { SocketPool } from "./lib/udp/socket/socket-pool";
import { type StartedInput, startInput } from "./lib/udp/start-input";
import { noThread, threadedEnvironment } from "./lib/udp/threaded-environment";
import { fields, rules } from "./udp-sensor-in.config";

const TYPE = "udp-sensor-in";

/** By the id of their node. Of the module, for the endpoint of a package that is removed and installed again stays the first. */
const inputs = new Map<string, StartedInput>();

/** Of the process: one thread for all sockets. */
let environment: SocketEnvironment | undefined;

export default (RED: NodeAPI): void => {
  environment ??= threadedEnvironment((error) => RED.log.warn(`${TYPE}: ${translated(noThread(error), RED._)}`));
  const shared = { pool: new SocketPool(environment), budget: new TurnBudget() };

  function construct(this: Node, def: NodeDef & SavedConfig<typeof fields>): void {
    RED.nodes.createNode(this, def);
    const reports = new NodeReports(this, RED._);
    const setting = (name: string): unknown => RED.util.getSetting(this, name);
    const input = startInput(
      () => parseConfig(fields, def, { type: TYPE, rules, environment: setting }),
      {
        reading: (message) => this.send(message),
        notice: (message) => this.send([null, message]),
        status: (status) => reports.status(status),
        error: (error) => reports.error(error),
        warn: (line) => this.warn(translated(line, RED._)),
        say: (sentence) => translated(sentence, RED._),
      },
      shared,
    );
    inputs.set(this.id, input);
    this.on("close", (done: () => void) => {
      inputs.delete(this.id);
      input.stop().then(done, done);
    });
  }

  RED.nodes.registerType(TYPE, construct);
  RED.httpAdmin.get("/sensorcast/udp/:id", RED.auth.needsPermission("udp-sensor-in.read"), (request, response) => {
    const stats = inputs.get(String(request.params.id))?.stats();
    if (stats === undefined) response.status(204).end();
    else response.json(stats);
  });
};
