import assert from "node:assert/strict";
import { AccessControl } from "../../../nodes/lib/access/access-control";
import { TokenSet } from "../../../nodes/lib/access/token-set";
import { BroadcastHarness } from "../../support/broadcast-harness";
import { until } from "../../support/until";
import { WsClient } from "../../support/ws-client";
import { describeCompression } from "./compression-cases";

const DEFLATE = { perMessageDeflate: true };

describeCompression(1000);

describe("compression of a broadcast server", () => {
  let server: BroadcastHarness;

  beforeEach(async () => {
    server = await BroadcastHarness.start({ settings: { compress: true, replay: false } });
  });

  afterEach(() => server.stop());

  it("is offered to nobody who does not ask for it, or asks for what cannot be shared", async () => {
    for (const header of [
      "permessage-deflate; server_no_context_takeover",
      "permessage-deflate; server_max_window_bits=9",
      ",;=",
    ]) {
      const client = await server.connect("", { headers: { "Sec-WebSocket-Extensions": header } });
      assert.equal(client.socket.extensions, "");
      server.publish("t", header);
      assert.equal(await client.next(), header);
      await client.close();
    }
  });

  it("takes compressed texts of a client, and no more of them than of others", async () => {
    const client = await server.connect("", DEFLATE);
    client.socket.send("keepalive".repeat(100), { compress: true });
    await client.roundTrip();
    await until(() => server.broadcast.counts().ignored === 1, "the text was not heard");
    client.socket.send(Buffer.alloc(100_000, "a"), { compress: true });
    assert.equal((await client.closed).code, 1009);
    const garbling = await server.connect("", DEFLATE);
    const { _socket: socket } = garbling.socket as unknown as { _socket: { write(bytes: Buffer): void } };
    socket.write(Buffer.from([0xc1, 0x84, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]));
    assert.equal((await garbling.closed).code, 1007);
  });
});

describe("a broadcast server that does not compress, or not for everybody", () => {
  it("accepts no extension by default", async () => {
    const server = await BroadcastHarness.start();
    const client = await server.connect("", DEFLATE);
    assert.equal(client.socket.extensions, "");
    await server.stop();
  });

  it("agrees on none with who is refused", async () => {
    const access = new AccessControl(
      new TokenSet([{ name: "a", token: "a-token-0123456789", filters: ["#"], expiresAt: undefined }]),
    );
    const server = await BroadcastHarness.start({ settings: { compress: true }, access });
    const answer = await server.ask({ headers: { "Sec-WebSocket-Extensions": "permessage-deflate" } });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get("sec-websocket-extensions"), undefined);
    const client = await WsClient.connect(server.url("?token=a-token-0123456789"), DEFLATE);
    assert.equal(client.socket.extensions, "permessage-deflate");
    await server.stop();
  });
});
