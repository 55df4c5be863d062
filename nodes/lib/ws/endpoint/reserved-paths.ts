import { quote } from "../../text/quote";
import { type Sentence, sentence } from "../../text/sentence";
import type { ProtectionSettings } from "./guards/node-red-guard";

/** The settings of Node-RED that decide which paths of its web server are whose, and who gets there. */
export interface WebSettings extends ProtectionSettings {
  /** Address that the web server is bound to; missing: all. */
  readonly uiHost?: string | undefined;
  readonly httpNodeRoot?: string | false | undefined;
  readonly httpAdminRoot?: string | false | undefined;
  readonly disableEditor?: boolean | undefined;
}

/** A node of the flow file, as much of it as matters here. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly z?: string | undefined;
  readonly name?: string | undefined;
  readonly [property: string]: unknown;
}

/** What is used of `RED.nodes`. */
export interface FlowNodes {
  eachNode(callback: (node: { readonly id: string; readonly type: string }) => void): void;
  /** The node while it runs. */
  getNode(id: string): unknown;
}

/** All nodes of the deployed flows. Where one runs, its path is that with environment variables put in. */
export function flowNodes({ eachNode, getNode }: FlowNodes): FlowNode[] {
  const nodes: FlowNode[] = [];
  eachNode((node) => nodes.push({ ...node, ...pathOf(getNode(node.id)) }));
  return nodes;
}

function pathOf(running: unknown): { path?: string } {
  const { path } = (running ?? {}) as { readonly path?: unknown };
  return typeof path === "string" ? { path } : {};
}

/** The full path of an endpoint on Node-RED's web server. */
export function underRoot(root: string, path: string): string {
  return `/${`${root}/${path}`.split("/").filter(Boolean).join("/")}`;
}

/** Who has the path on Node-RED's web server, besides this package; `undefined`: nobody. */
export function holderOf(path: string, settings: WebSettings, flow: readonly FlowNode[]): Sentence | undefined {
  const { httpAdminRoot, httpNodeRoot, disableEditor } = settings;
  if (httpAdminRoot !== false && disableEditor !== true && path === underRoot(httpAdminRoot ?? "/", "comms")) {
    return sentence("endpoint.holder-editor");
  }
  const disabled = new Set(flow.filter((node) => node.d === true || node.disabled === true).map((node) => node.id));
  const listener = flow.find(
    (node) =>
      node.type === "websocket-listener" &&
      !disabled.has(node.id) &&
      !disabled.has(node.z ?? "") &&
      typeof node.path === "string" &&
      // Core does not know a root that is switched off.
      path === underRoot(httpNodeRoot || "/", resolved(node.path)),
  );
  return listener && sentence("endpoint.holder-listener", { name: quote(listener.name || listener.id) });
}

/** Node-RED puts in the value of an environment variable where a property is nothing but its name. */
function resolved(path: string): string {
  const [, name] = /^\$\{([^}]+)\}$/.exec(path) ?? [];
  return name === undefined ? path : (process.env[name] ?? "");
}
