import assert from "node:assert/strict";
import { Follower } from "../scale/follower";
import { BroadcastHarness } from "../support/broadcast-harness";
import { SkippableClock } from "../support/skippable-clock";
import { until } from "../support/until";
import { type BrokenLink, startBrokenLink } from "./broken-link";

const HEARTBEAT_S = 30;

describe("a network that fails", () => {
  let server: BroadcastHarness;
  let clock: SkippableClock;
  let link: BrokenLink;
  let follower: Follower;
  let number = 0;

  beforeEach(async () => {
    clock = new SkippableClock();
    server = await BroadcastHarness.start({ settings: { heartbeat: HEARTBEAT_S }, clock });
    link = await startBrokenLink(server.port);
    follower = new Follower(`ws://127.0.0.1:${link.port}/ws`, []);
    server.after(() => link.stop());
    server.after(() => follower.close());
    await until(() => follower.feed.state === "open", "the client is not connected");
    number = 0;
  });
  afterEach(() => server.stop());

  const publish = (count: number): void => {
    for (let n = 0; n < count; n++) server.publishPayload("s", { sensor: "s", number: ++number });
  };
  const hasAll = async (): Promise<void> => {
    await until(() => follower.topics.get("s")?.last === number, "the client has not got everything");
    assert.deepEqual(follower.complaints, []);
    assert.equal(follower.topics.get("s")?.first, 1);
    assert.equal(follower.missed, 0);
  };

  it("swallowing everything for a while: nothing is lost when it is back", async () => {
    publish(10);
    await hasAll();
    link.swallow();
    publish(1000);
    link.restore();
    await hasAll();
    assert.equal(server.broadcast.clientCount, 1);
  });

  it("swallowing everything for long: the client is dropped, and goes on where it was", async () => {
    publish(10);
    await hasAll();
    link.swallow();
    publish(100);
    for (let beat = 0; beat < 3; beat++) clock.skip(HEARTBEAT_S * 1000);
    await until(() => server.broadcast.clientCount === 0, "the client is still there");
    publish(100);
    link.restore();
    await hasAll();
  });

  it("or a proxy that resets all connections, again and again: nothing is lost", async () => {
    publish(1);
    await hasAll();
    for (let round = 0; round < 3; round++) {
      publish(100);
      link.reset();
      publish(100);
      await hasAll();
    }
  });
});
