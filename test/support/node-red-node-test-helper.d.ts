/** The part of the test helper that our tests use; it ships no types of its own. */
declare module "node-red-node-test-helper" {
  import type { EventEmitter } from "node:events";
  import type { Server } from "node:http";
  import type { Node, NodeInitializer } from "node-red";

  /** As much of supertest as is used. */
  interface AdminRequest {
    type(type: "form"): AdminRequest;
    send(body: object): AdminRequest;
    expect(status: number): Promise<{ body: unknown }>;
  }

  class NodeTestHelper {
    init(runtimePath: string, userSettings?: object): void;
    settings(userSettings: object): object;
    load(nodes: NodeInitializer | NodeInitializer[], flow: object[], credentials?: object): Promise<void>;
    unload(): Promise<void>;
    getNode(id: string): Node | null;
    startServer(): Promise<void>;
    stopServer(): Promise<void>;
    url(): string;
    /** Asks the admin API. */
    request(): { get(path: string): AdminRequest; post(path: string): AdminRequest };
    readonly _server: Server | undefined;
    readonly _events: EventEmitter;
    readonly _redNodes: { setFlows(flow: object[], credentials: object, type: string): Promise<unknown> };
  }
  const helper: NodeTestHelper & { NodeTestHelper: typeof NodeTestHelper };
  export = helper;
}
