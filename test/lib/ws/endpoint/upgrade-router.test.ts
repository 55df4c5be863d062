import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { RouteTakenError } from "../../../../nodes/lib/ws/endpoint/errors";
import { addRoute, pathOf } from "../../../../nodes/lib/ws/endpoint/upgrade-router";

describe("upgrade router", () => {
  const upgrade = (server: EventEmitter, url: string): PassThrough => {
    const socket = new PassThrough();
    server.emit("upgrade", { url } as IncomingMessage, socket, Buffer.alloc(0));
    return socket;
  };

  it("hands over requests of exactly its path, with or without a trailing slash and a query", () => {
    const server = new EventEmitter();
    const seen: (string | undefined)[] = [];
    addRoute(server, "/ws", (request) => seen.push(request.url));
    for (const url of ["/ws", "/ws/", "/ws?topic=a", "/ws/?topic=a"]) upgrade(server, url);
    for (const url of ["/", "/wss", "/ws/x", "/ws//", "//ws", "/WS", "/x?/ws"]) upgrade(server, url);
    assert.deepEqual(seen, ["/ws", "/ws/", "/ws?topic=a", "/ws/?topic=a"]);
  });

  it("spares others on the web server the query of a request that is its own", () => {
    const server = new EventEmitter();
    const seen: (string | undefined)[] = [];
    server.on("upgrade", ({ url }: IncomingMessage) => seen.push(url));
    addRoute(server, "/ws", () => undefined);
    for (const url of ["/ws?topic=a", "/ws/?topic=a", "/ws", "/other?topic=a"]) upgrade(server, url);
    assert.deepEqual(seen, ["/ws", "/ws/", "/ws", "/other?topic=a"]);
  });

  it("has the query in the request again for what is asked later", async () => {
    const server = new EventEmitter();
    const requests: IncomingMessage[] = [];
    addRoute(server, "/ws", (request) => requests.push(request));
    upgrade(server, "/ws?topic=a");
    await nextTurn();
    assert.deepEqual(
      requests.map(({ url }) => url),
      ["/ws?topic=a"],
    );
  });

  it("leaves the socket of another path as it is", () => {
    const server = new EventEmitter();
    addRoute(server, "/ws", () => assert.fail("not ours"));
    const before = new PassThrough();
    const socket = upgrade(server, "/comms");
    assert.equal(socket.destroyed, false);
    assert.equal(socket.readableLength, 0);
    for (const event of before.eventNames()) {
      assert.equal(socket.listenerCount(event), before.listenerCount(event), String(event));
    }
  });

  it("has an error listener on the socket before the handler sees it", () => {
    const server = new EventEmitter();
    let listeners = 0;
    addRoute(server, "/ws", (_request, socket) => {
      listeners = socket.listenerCount("error");
    });
    upgrade(server, "/ws");
    assert.equal(listeners, 1);
  });

  it("survives a reset in the middle of the handshake", async () => {
    const server = new EventEmitter();
    addRoute(server, "/ws", () => undefined);
    const socket = upgrade(server, "/ws");
    socket.emit("error", Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
    await once(socket, "close");
    assert.equal(socket.destroyed, true);
  });

  it("shares one listener between routes and removes it with the last", () => {
    const server = new EventEmitter();
    const removals = [1, 2, 3].map((n) => addRoute(server, `/ws${n}`, () => undefined));
    assert.equal(server.listenerCount("upgrade"), 1);
    for (const remove of removals) {
      assert.equal(server.listenerCount("upgrade"), 1);
      remove();
      remove();
    }
    assert.equal(server.listenerCount("upgrade"), 0);
  });

  it("refuses a second route on the same path until the first is removed", () => {
    const server = new EventEmitter();
    const remove = addRoute(server, "/ws", () => undefined);
    assert.throws(() => addRoute(server, "/ws", () => undefined), RouteTakenError);
    remove();
    addRoute(server, "/ws", () => undefined)();
    assert.equal(server.listenerCount("upgrade"), 0);
  });

  it("does not remove the route of a successor", () => {
    const server = new EventEmitter();
    const remove = addRoute(server, "/ws", () => undefined);
    remove();
    addRoute(server, "/ws", () => undefined);
    remove();
    assert.equal(server.listenerCount("upgrade"), 1);
  });

  it("reads the path of any request target", () => {
    assert.equal(pathOf(undefined), "/");
    assert.equal(pathOf("/"), "/");
    assert.equal(pathOf("*"), "*");
    assert.equal(pathOf("/a/?b=/c/"), "/a");
  });
});
