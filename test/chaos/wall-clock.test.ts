import assert from "node:assert/strict";
import { AccessControl } from "../../nodes/lib/access/access-control";
import { TokenSet } from "../../nodes/lib/access/token-set";
import { BroadcastHarness } from "../support/broadcast-harness";
import { SkippableClock } from "../support/skippable-clock";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** What an administrator or a time server does to the clock of a computer: monotonic time goes on as it was. */
class AdjustedClock extends SkippableClock {
  offsetMs = 0;

  override wallTime(): number {
    return super.wallTime() + this.offsetMs;
  }
}

interface Enveloped {
  readonly payload: number;
  readonly time: number;
}

for (const [direction, jumpMs] of [
  ["forward", DAY_MS],
  ["back", -DAY_MS],
] as const) {
  describe(`the wall clock jumping ${direction} by a day`, () => {
    let server: BroadcastHarness;
    let clock: AdjustedClock;

    beforeEach(() => {
      clock = new AdjustedClock();
    });
    afterEach(() => server.stop());

    it("is seen in the time of readings, and stops none", async () => {
      server = await BroadcastHarness.start({ clock });
      const client = await server.connect("?envelope=1");
      server.publishPayload("a", 1);
      const before = (await client.nextJson()) as Enveloped;
      clock.offsetMs = jumpMs;
      server.publishPayload("a", 2);
      const after = (await client.nextJson()) as Enveloped;
      assert.equal(after.payload, 2);
      assert.ok(Math.abs(after.time - before.time - jumpMs) < HOUR_MS, `${after.time - before.time} ms`);
    });

    it("lets a client of every=60000 have its reading a minute later, not a day", async () => {
      server = await BroadcastHarness.start({ clock });
      const client = await server.connect("?every=60000");
      server.publishPayload("a", 1);
      assert.equal(await client.nextJson(), 1);
      clock.offsetMs = jumpMs;
      server.publishPayload("a", 2);
      await client.roundTrip();
      assert.equal(client.queued, 0);
      clock.skip(65_000);
      assert.equal(await client.nextJson(), 2);
    });

    it("disconnects nobody who answers the heartbeat", async () => {
      server = await BroadcastHarness.start({ clock, settings: { heartbeat: 30 } });
      const client = await server.connect();
      clock.offsetMs = jumpMs;
      for (let beat = 0; beat < 3; beat++) {
        clock.skip(30_000);
        await client.roundTrip();
      }
      assert.equal(server.broadcast.clientCount, 1);
    });

    it("does not age a history, nor the newest readings", async () => {
      server = await BroadcastHarness.start({ clock, settings: { historySeconds: 3600, expire: 3600 } });
      server.publishPayload("a", 1);
      server.publishPayload("a", 2);
      clock.offsetMs = jumpMs;
      const client = await server.connect("?history=1h");
      assert.deepEqual([await client.nextJson(), await client.nextJson()], [1, 2]);
      const newcomer = await server.connect();
      assert.equal(await newcomer.nextJson(), 2);
    });

    it("decides of a token by what the clock says now", async () => {
      const expiresAt = clock.wallTime() + 12 * HOUR_MS;
      const tokens = new TokenSet([{ name: "display", token: "good", filters: ["#"], expiresAt }], clock);
      server = await BroadcastHarness.start({ clock, access: new AccessControl(tokens) });
      const client = await server.connect("?token=good");
      clock.offsetMs = jumpMs;
      const answer = await fetch(server.webUrl("?token=good"));
      assert.equal(answer.status, jumpMs > 0 ? 401 : 426);
      // Noticed within the hour.
      clock.skip(HOUR_MS);
      if (jumpMs > 0) assert.equal((await client.closed).code, 4001);
      clock.offsetMs = 0;
      await server.connect("?token=good");
      assert.equal(server.broadcast.clientCount, jumpMs > 0 ? 1 : 2);
    });
  });
}
