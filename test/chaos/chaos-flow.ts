import type { SavedConfig } from "../../nodes/lib/config/fields";
import { fields as listenerFields } from "../../nodes/udp-sensor-in.config";
import { fields as outFields } from "../../nodes/ws-broadcast-out.config";
import { fields as serverFields } from "../../nodes/ws-broadcast-server.config";
import { editorShaped, type FlowNode, TAB } from "../support/flow";

export const PATH = "/ws";

export interface ChaosFlowChanges {
  readonly listener?: SavedConfig<typeof listenerFields>;
  readonly server?: SavedConfig<typeof serverFields>;
}

/** Datagrams of one port to the clients of one server. */
export function chaosFlow(udpPort: number, changes: ChaosFlowChanges = {}): FlowNode[] {
  const {
    x: _x,
    y: _y,
    z: _z,
    wires: _wires,
    ...server
  } = editorShaped("ws-broadcast-server", serverFields, { id: "server", path: PATH, ...changes.server });
  return [
    TAB,
    editorShaped("udp-sensor-in", listenerFields, {
      id: "in",
      port: String(udpPort),
      address: "127.0.0.1",
      format: "json",
      ...changes.listener,
      wires: [["out"]],
    }),
    editorShaped("ws-broadcast-out", outFields, { id: "out", server: "server", wires: [] }),
    server as FlowNode,
  ];
}
