import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { addRequestRoute, type HttpApplication } from "../../../../nodes/lib/ws/endpoint/request-router";

interface Express extends HttpApplication {
  (...request: Parameters<RequestListener>): void;
  use(handler: object): unknown;
  use(path: string, handler: object): unknown;
  readonly _router?: { readonly stack: readonly unknown[] };
}

/** What Node-RED makes `RED.httpNode` of. */
const express = require("express") as () => Express;

describe("request router", () => {
  let http: Server;
  let application: Express;
  const ask = async (path: string, method = "GET"): Promise<[status: number, body: string]> => {
    const { port } = http.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return [response.status, await response.text()];
  };
  const route = (path: string, answers: readonly string[] = ["", "/", "/client.js"]): (() => void) =>
    addRequestRoute(application, path, (_request, response, below) => {
      if (!answers.includes(below)) return false;
      response.end(`${path} has ${below}`);
      return true;
    });

  beforeEach(async () => {
    application = express();
    const root = express();
    root.use("/root", application);
    http = createServer(root).listen(0, "127.0.0.1");
    await once(http, "listening");
  });
  afterEach(async () => {
    http.close();
    http.closeAllConnections();
    await once(http, "close");
  });

  it("hands over what is read at and below its path, below the root of the application", async () => {
    route("/ws");
    assert.deepEqual(await ask("/root/ws/client.js?v=1"), [200, "/ws has /client.js"]);
    assert.deepEqual(await ask("/root/ws/"), [200, "/ws has /"]);
    assert.deepEqual(await ask("/root/ws"), [200, "/ws has "]);
    assert.equal((await ask("/root/ws/client.js", "HEAD"))[0], 200);
  });

  it("leaves alone what is somebody else's, and what nobody answers", async () => {
    route("/ws");
    application.use("/ws/other", ((_request, response) => response.end("other")) satisfies RequestListener);
    assert.deepEqual(await ask("/root/ws/other"), [200, "other"]);
    for (const path of ["/root/wss/client.js", "/root/x/ws/client.js", "/ws/client.js", "/root/ws/unknown"]) {
      assert.equal((await ask(path))[0], 404, path);
    }
    assert.equal((await ask("/root/ws/client.js", "POST"))[0], 404);
  });

  it("shares one function between routes and removes it with the last, also while it is used by others", async () => {
    const before = application._router?.stack.length ?? 0;
    const removeFirst = route("/a");
    const installed = application._router?.stack.length ?? 0;
    const removeSecond = route("/b");
    assert.equal(application._router?.stack.length, installed);
    removeFirst();
    removeFirst();
    assert.equal((await ask("/root/a"))[0], 404);
    assert.equal((await ask("/root/b"))[0], 200);
    removeSecond();
    assert.ok((application._router?.stack.length ?? 0) < installed && before < installed);
    assert.equal((await ask("/root/b"))[0], 404);
    route("/b");
    assert.equal((await ask("/root/b"))[0], 200);
  });

  it("does not remove the route of a successor", async () => {
    const remove = route("/ws");
    route("/ws");
    remove();
    assert.equal((await ask("/root/ws"))[0], 200);
  });
});
