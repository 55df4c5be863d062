import assert from "node:assert/strict";
import { BroadcastHarness } from "../../support/broadcast-harness";

const BYTES = { kind: "binary", body: Buffer.from([0, 255]) } as const;

describe("a client that asks for batches", () => {
  let server: BroadcastHarness;

  beforeEach(async () => {
    server = await BroadcastHarness.start();
  });
  afterEach(() => server.stop());

  it("is refused with 400 where a topic that it asks for is bytes, which JSON cannot say", async () => {
    server.broadcast.publish("camera", BYTES, {});
    for (const query of ["", "&topic=camera", "&envelope=0&topic=%2B"]) {
      const { status, body } = await server.ask({ path: `/ws?batch=json${query}` });
      assert.equal(status, 400);
      assert.match(JSON.parse(body).error, /bytes of "camera" .*envelope=1/);
    }
  });

  it("is let in where bytes come in envelopes, or where it asks for other topics", async () => {
    server.broadcast.publish("camera", BYTES, {});
    server.publish("boiler", "21");
    const enveloped = await server.connect("?batch=json&envelope=1&topic=camera");
    const [reading] = (await enveloped.nextJson()) as { payload: string }[];
    assert.equal(reading?.payload, BYTES.body.toString("base64"));
    const others = await server.connect("?batch=json&topic=boiler");
    assert.equal(await others.next(), '["21"]');
  });

  it("is let in again once the topic is something else, or forgotten", async () => {
    server.broadcast.publish("camera", BYTES, {});
    server.broadcast.publish("door", BYTES, {});
    server.publish("camera", "off");
    server.broadcast.forget("door");
    const client = await server.connect("?batch=json");
    assert.equal(await client.next(), '["off"]');
  });

  it("gets bytes that are published later by themselves", async () => {
    const client = await server.connect("?batch=json");
    server.publish("boiler", "21");
    server.broadcast.publish("camera", BYTES, {});
    server.publish("boiler", "22");
    assert.equal(await client.next(), '["21"]');
    assert.deepEqual(await client.next(), BYTES.body);
    assert.equal(await client.next(), '["22"]');
  });
});
