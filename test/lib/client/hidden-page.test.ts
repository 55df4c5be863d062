import assert from "node:assert/strict";
import { BroadcastHarness } from "../../support/broadcast-harness";
import { FeedUnderTest } from "../../support/feed-under-test";

describe("feed of a page", () => {
  let server: BroadcastHarness;
  let listening: FeedUnderTest;

  const listen = (leaveHiddenAfter?: number): void => {
    listening = new FeedUnderTest({ url: server.url(), leaveHiddenAfter });
    server.after(() => listening.feed.close());
  };

  beforeEach(async () => {
    server = await BroadcastHarness.start();
  });
  afterEach(() => server.stop());

  it("tries again at once when the page is seen again", async () => {
    listen();
    await listening.become("open");
    const [client] = server.broadcast.clients();
    server.broadcast.disconnect(client?.client ?? "", { code: 1012, reason: "service restart" });
    await listening.become("waiting");
    listening.page.show();
    assert.equal(listening.feed.state, "connecting");
    await listening.become("open");
  });

  it("is left after the page was hidden for as long as it says, and taken up where it was", async () => {
    listen(60_000);
    await listening.become("open");
    const received: string[] = [];
    const third = new Promise<void>((resolve) => {
      listening.feed.on("reading", ({ topic }) => received.push(topic) === 2 && resolve());
    });
    server.publish("a");
    listening.page.hide();
    await new Promise<void>((resolve) => listening.feed.on("reading", () => resolve()));
    listening.clock.skip(60_000);
    assert.equal(listening.feed.state, "hidden");
    server.publish("b");
    listening.page.show();
    await third;
    assert.deepEqual(received, ["a", "b"]);
  });

  it("stays when the page is hidden for a shorter time", async () => {
    listen(20_000);
    await listening.become("open");
    listening.page.hide();
    listening.clock.skip(19_000);
    listening.page.show();
    listening.clock.skip(19_000);
    assert.equal(listening.feed.state, "open");
  });

  it("takes a connection for dead that was silent when the page wakes up", async () => {
    listen();
    await listening.become("open");
    listening.page.hide();
    listening.clock.skip(3_600_000);
    listening.page.show();
    assert.equal(listening.feed.state, "connecting");
    await listening.become("open");
    assert.equal(listening.calls.length, 2);
  });
});
