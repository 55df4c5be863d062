import assert from "node:assert/strict";
import { webSocketAddress } from "../../../../nodes/lib/ws/endpoint/web-address";

describe("WebSocket address", () => {
  const plain = { protocol: "http:", hostname: "box", host: "box:1880" };
  const secure = { protocol: "https:", hostname: "box", host: "box" };
  const cases: readonly [path: string, port: string, host: string, root: string, location: typeof plain, is: string][] =
    [
      ["/ws", "", "127.0.0.1", "/", plain, "ws://box:1880/ws"],
      ["ws", "", "", "/api/", plain, "ws://box:1880/api/ws"],
      ["/ws", "", "", "/api", secure, "wss://box/api/ws"],
      ["/ws", "8080", "", "/api", plain, "ws://box:8080/ws"],
      ["/ws", "8080", "0.0.0.0", "/", plain, "ws://box:8080/ws"],
      ["/ws", "8080", "127.0.0.1", "/", secure, "ws://127.0.0.1:8080/ws"],
      ["/ws", "8080", "::1", "/", plain, "ws://[::1]:8080/ws"],
    ];
  for (const [path, port, host, root, location, is] of cases) {
    it(`is ${is} for ${path}, port "${port}", address "${host}", under ${root}`, () => {
      assert.equal(webSocketAddress({ path, port, host }, root, location), is);
    });
  }
});
