import { FORMATS, type Format } from "../../nodes/lib/udp/decoders/formats";
import { fields as listenerFields } from "../../nodes/udp-sensor-in.config";
import { fields as outFields } from "../../nodes/ws-broadcast-out.config";
import { fields as serverFields } from "../../nodes/ws-broadcast-server.config";
import { editorShaped, type FlowNode, placed, TAB } from "../support/flow";

/** The page of this origin may connect besides those of the server's own host. */
export const LISTED_ORIGIN = "https://good.com";

/**
 * Datagrams of the honest feed go to both of our servers and to core's; those on the ports of the single formats to our
 * servers alone. The `neighbour` lives on Node-RED's web server too.
 */
export function attackedFlow(
  ownPort: number,
  feedPort: number,
  udpPorts: Readonly<Record<Format, number>>,
): FlowNode[] {
  const server = (id: string, port: string): FlowNode => {
    const {
      x: _x,
      y: _y,
      z: _z,
      wires: _wires,
      ...saved
    } = editorShaped("ws-broadcast-server", serverFields, {
      id,
      port,
      origins: [LISTED_ORIGIN],
    });
    return saved as FlowNode;
  };
  const listener = (id: string, port: number, format: Format, to: string[]): FlowNode =>
    editorShaped("udp-sensor-in", listenerFields, {
      id,
      port: String(port),
      format,
      ...(format === "csv" ? { csvColumns: ["sensor", "value"] } : {}),
      ...(format === "struct" ? { structTemplate: [{ name: "id", type: "u16" }] } : {}),
      wires: [to],
    });
  const out = (id: string, to: string): FlowNode =>
    editorShaped("ws-broadcast-out", outFields, { id, server: to, wires: [] });

  return [
    TAB,
    server("shared", ""),
    server("own", String(ownPort)),
    { id: "core", type: "websocket-listener", path: "/core", wholemsg: "false" },
    listener("feed", feedPort, "json", ["shared-out", "own-out", "core-out"]),
    ...FORMATS.map((format) => listener(`in-${format}`, udpPorts[format], format, ["shared-out", "own-out"])),
    out("shared-out", "shared"),
    out("own-out", "own"),
    placed({ id: "core-out", type: "websocket out", server: "core", client: "" }),
    placed({ id: "neighbour", type: "neighbour" }),
  ];
}
