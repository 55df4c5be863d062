import type { Node, NodeAPI, NodeDef } from "node-red";

export default (RED: NodeAPI): void => {
  function construct(this: Node, def: NodeDef): void {
    RED.nodes.createNode(this, def);
  }
  RED.nodes.registerType("ws-broadcast-out", construct);
};
