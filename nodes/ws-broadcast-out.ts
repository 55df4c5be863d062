import type { Node, NodeAPI, NodeDef } from "node-red";
import { PropertyError, parseConfig } from "./lib/config/fields";
import { FailureLog } from "./lib/node/failure-log";
import { NodeReports } from "./lib/node/node-reports";
import { divertUncaught } from "./lib/node/uncaught-errors";
import { withLabels } from "./lib/text/labels";
import { remembering } from "./lib/text/remembering";
import { sentence, translated } from "./lib/text/sentence";
import { TranslatedError, translatedError } from "./lib/text/translated-error";
import { systemClock } from "./lib/time/clock";
import { BroadcastStatus, badConfiguration } from "./lib/ws/output/broadcast-status";
import { type Answer, answerTo, NobodyReachedError, publish } from "./lib/ws/output/publisher";
import { fields } from "./ws-broadcast-out.config";
import type { BroadcastServerNode } from "./ws-broadcast-server";

const TYPE = "ws-broadcast-out";

export default (RED: NodeAPI): void => {
  const translate = remembering(withLabels(RED._));

  function construct(this: Node, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    const reports = new NodeReports(this, translate);
    try {
      open(this, def, reports);
    } catch (error) {
      if (!(error instanceof PropertyError)) throw error;
      reports.status(badConfiguration(error));
      reports.error(error);
    }
  }

  function open(node: Node, def: NodeDef, reports: NodeReports): void {
    const config = parseConfig(fields, def as object, {
      type: TYPE,
      environment: (name) => RED.util.getSetting(node, name),
    });
    const serverNode = serverNodeOf(config.server);
    const server = serverNode?.broadcast;
    const users = serverNode?.users ?? {};
    users[node.id] = node;
    const failures = logFailures(node);
    const status = new BroadcastStatus(serverNode, (line) => reports.status(line));

    node.on("input", (msg, send, done) => {
      const respond = (answer: Answer | undefined): void => {
        if (answer === undefined) status.published();
        else if (config.events) send(answerTo(msg, answer));
      };
      const fail = (error: unknown): void => done(translatedError(error, translate));
      let answer: ReturnType<typeof publish>;
      try {
        answer = publish(msg, serverNode, config);
        if (!(answer instanceof Promise)) respond(answer);
      } catch (error) {
        fail(error);
        return;
      }
      if (answer instanceof Promise) answer.then(respond).then(() => done(), fail);
      else done();
    });

    const stopWatching = server?.watch((event) => {
      status.update(event);
      if (event.event === "reachability") failures.endState();
      else if (config.events) node.send({ event: event.event, payload: event, ...clientOf(event) });
    });
    node.on("close", () => {
      delete users[node.id];
      stopWatching?.();
      status.stop();
      failures.stop();
    });
  }

  /** Has the errors of messages that no catch node takes logged sparingly. */
  function logFailures(node: Node): FailureLog {
    const log = new FailureLog((error, times) => {
      const failure = error.said;
      node.error(translated(times === 0 ? failure : sentence("publish.repeated", { failure, times }), translate));
    }, systemClock);
    divertUncaught(node, (error) => {
      if (!(error instanceof TranslatedError)) return false;
      if (error.original instanceof NobodyReachedError) log.addState(error.original);
      else log.add(error.original);
      return true;
    });
    return log;
  }

  function serverNodeOf(id: string): BroadcastServerNode | undefined {
    const node = RED.nodes.getNode(id);
    return node?.type === "ws-broadcast-server" ? (node as BroadcastServerNode) : undefined;
  }

  RED.nodes.registerType(TYPE, construct);
};

/** As `msg.client`, so that an answer finds its way back. */
function clientOf(event: object): { client?: string } {
  return "client" in event && typeof event.client === "string" ? { client: event.client } : {};
}
