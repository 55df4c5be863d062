import type { Node, NodeInitializer } from "node-red";

export type Recorded = Record<string, unknown>;

/** Queues the messages of a node. Node-RED skips listeners when one removes itself, so this one stays. */
export class Inbox {
  readonly #received: Recorded[] = [];
  readonly #waiting: ((message: Recorded) => void)[] = [];

  constructor(node: Node) {
    node.on("input", (message, _send, done) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#received.push(message);
      else waiting(message);
      done();
    });
  }

  /** The oldest message that nobody has asked for yet. */
  async next(): Promise<Recorded> {
    return this.#received.shift() ?? (await new Promise((resolve) => this.#waiting.push(resolve)));
  }

  /** All that nobody has asked for yet. */
  rest(): Recorded[] {
    return this.#received.splice(0);
  }
}

export interface RecorderNode extends Node {
  inbox: Inbox;
}

/** A type of node that misses nothing: it listens from its construction on. */
export const recorderNode: NodeInitializer = (RED) => {
  RED.nodes.registerType("recorder", function (this: RecorderNode, def) {
    RED.nodes.createNode(this, def);
    this.inbox = new Inbox(this);
  });
};
