import { readFileSync } from "node:fs";
import { join } from "node:path";

const EXAMPLE = join(__dirname, "../../examples/scale-out-mqtt.json");
export const EDGE_PATH = "/ws-edge";

interface ExampleNode {
  readonly id: string;
  readonly type: string;
  readonly z?: string;
  readonly label?: string;
  readonly [property: string]: unknown;
}

function example(): ExampleNode[] {
  return JSON.parse(readFileSync(EXAMPLE, "utf8")) as ExampleNode[];
}

function tab(label: string): ExampleNode[] {
  const nodes = example();
  const id = nodes.find((node) => node.type === "tab" && node.label === label)?.id;
  if (id === undefined) throw new Error(`the example has no tab ${label}`);
  return nodes.filter((node) => node.id === id || node.z === id);
}

/** The sensor side of the example, without its simulated sensors. */
export function sensorSide(brokerPort: number, udpPort: number): object[] {
  return tab("Sensor side")
    .filter(({ type }) => type !== "inject")
    .map((node) => {
      if (node.type === "mqtt-broker") return { ...node, port: String(brokerPort) };
      return node.type === "udp-sensor-in" ? { ...node, port: String(udpPort) } : node;
    });
}

/** The edge of the example, under a name. @param changes of its server's settings */
export function edge(name: string, brokerPort: number, changes: object = {}): object[] {
  const server = example().filter(({ type }) => type === "ws-broadcast-server");
  return [...tab("Edge"), ...server].map((node) => {
    if (node.type === "ws-broadcast-server") return { ...node, ...changes };
    if (node.type === "mqtt-broker") return { ...node, port: String(brokerPort) };
    return node.type === "tab" ? { ...node, env: [{ name: "EDGE", value: name, type: "str" }] } : node;
  });
}
