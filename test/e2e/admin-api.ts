import { readFile } from "node:fs/promises";
import { basename } from "node:path";

const REQUEST_TIMEOUT_MS = 10_000;
/** Node-RED runs `npm install` before it answers. */
const INSTALL_TIMEOUT_MS = 120_000;

/** A node of a flow, as the editor saves it. */
export interface FlowNode {
  id: string;
  type: string;
  [property: string]: unknown;
}

/** One entry of `GET /nodes`. */
export interface NodeSet {
  id: string;
  name: string;
  module: string;
  types: string[];
  enabled: boolean;
  version: string;
  err?: string;
}

/** Node-RED's admin HTTP API, as its editor uses it. Every method throws an Error with the answer when that is not a success. */
export class AdminApi {
  readonly url: string;
  readonly #token: string | undefined;

  /** @param token of a user, where there are users */
  constructor(url: string, token?: string) {
    this.url = url;
    this.#token = token;
  }

  /** As the editor's dialog does. @throws {Error} when the name or the password is wrong */
  static async logIn(url: string, username: string, password: string): Promise<AdminApi> {
    const login = { client_id: "node-red-editor", grant_type: "password", scope: "", username, password };
    const answer = await new AdminApi(url).#request("POST", "/auth/token", {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(login),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    return new AdminApi(url, token);
  }

  /** Any request, whatever its answer. */
  async ask(method: string, path: string, body?: object): Promise<{ status: number; text: string }> {
    const headers = { "content-type": "application/json", ...this.#authorization() };
    const init = body === undefined ? { headers } : { headers, body: JSON.stringify(body) };
    const answer = await fetch(this.url + path, { method, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS), ...init });
    return { status: answer.status, text: await answer.text() };
  }

  async installTarball(file: string): Promise<void> {
    const form = new FormData();
    form.append("tarball", new Blob([await readFile(file)], { type: "application/x-compressed-tar" }), basename(file));
    await this.#request("POST", "/nodes", { body: form }, INSTALL_TIMEOUT_MS);
  }

  /** Node-RED refuses while a flow uses a node of the module. */
  async uninstall(module: string): Promise<void> {
    await this.#request("DELETE", `/nodes/${module}`, {}, INSTALL_TIMEOUT_MS);
  }

  async nodeSets(): Promise<NodeSet[]> {
    const answer = await this.#request("GET", "/nodes", { headers: { accept: "application/json" } });
    return (await answer.json()) as NodeSet[];
  }

  /** What Import > Examples offers. @param name the file's, without `.json` */
  async example(module: string, name: string): Promise<FlowNode[]> {
    const answer = await this.#request("GET", `/library/examples/flows/${module}/${name}`);
    return (await answer.json()) as FlowNode[];
  }

  async flows(): Promise<FlowNode[]> {
    return (await (await this.#request("GET", "/flows")).json()) as FlowNode[];
  }

  /** A full deploy. Resolves once the old flows are stopped; the new ones are still starting. */
  async deploy(flows: readonly FlowNode[]): Promise<void> {
    await this.#request("POST", "/flows", {
      headers: { "content-type": "application/json", "node-red-deployment-type": "full" },
      body: JSON.stringify(flows),
    });
  }

  async #request(method: string, path: string, init: RequestInit = {}, timeoutMs = REQUEST_TIMEOUT_MS) {
    const headers = { ...init.headers, ...this.#authorization() };
    const answer = await fetch(this.url + path, { ...init, headers, method, signal: AbortSignal.timeout(timeoutMs) });
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }

  #authorization(): Record<string, string> {
    return this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
  }
}
