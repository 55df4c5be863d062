import type { Node, NodeAPI, NodeDef } from "node-red";
import { handlerOf } from "./lib/cockpit/endpoint";
import { listenerEndpoints } from "./lib/cockpit/listener-endpoints";
import { runningListeners as listeners } from "./lib/cockpit/running-listeners";
import { parseConfig, type SavedConfig } from "./lib/config/fields";
import { NodeReports } from "./lib/node/node-reports";
import { type Sentence, translated } from "./lib/text/sentence";
import { systemClock } from "./lib/time/clock";
import { TurnBudget } from "./lib/time/turn-budget";
import { Handover } from "./lib/udp/handover";
import { groupInterface } from "./lib/udp/socket/group-interface";
import type { SocketEnvironment } from "./lib/udp/socket/socket-environment";
import { SocketPool } from "./lib/udp/socket/socket-pool";
import { startInput } from "./lib/udp/start-input";
import { threadedEnvironment } from "./lib/udp/threaded-environment";
import { fields, rules } from "./udp-sensor-in.config";

const TYPE = "udp-sensor-in";

/** Of the process: one thread for all sockets. */
let environment: SocketEnvironment | undefined;

/** Admin APIs that have the endpoints: they keep them when the package is removed, and when it is installed again. */
const served = new WeakSet<object>();

export default (RED: NodeAPI): void => {
  const notice = (notice: Sentence): void => RED.log.warn(`${TYPE}: ${translated(notice, RED._)}`);
  environment ??= threadedEnvironment(notice);
  const { networkInterfaces } = environment;
  const shared = {
    pool: new SocketPool(environment),
    budget: new TurnBudget(),
    handover: new Handover({ notice }),
    interfaceOf: (listening: { group: string; address: string }) => groupInterface(listening, networkInterfaces),
  };

  function construct(this: Node, def: NodeDef & SavedConfig<typeof fields>): void {
    RED.nodes.createNode(this, def);
    const { id, name = "" } = this;
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
      { ...shared, id },
    );
    listeners.set(id, { node: { id, editorId: this._alias ?? id, name }, input });
    this.on("close", (done: () => void) => {
      listeners.delete(id);
      input.stop().then(done, done);
    });
  }

  RED.nodes.registerType(TYPE, construct);
  if (served.has(RED.httpAdmin)) return;
  served.add(RED.httpAdmin);
  const endpoints = listenerEndpoints({
    listeners,
    clock: systemClock,
    readConfig: (options, id) => {
      const node = RED.nodes.getNode(id);
      const environment = (name: string): unknown =>
        node === null ? process.env[name] : RED.util.getSetting(node, name);
      return parseConfig(fields, options, { type: TYPE, rules, environment });
    },
  });
  for (const endpoint of endpoints) {
    RED.httpAdmin[endpoint.method](endpoint.path, RED.auth.needsPermission(endpoint.permission), handlerOf(endpoint));
  }
};
