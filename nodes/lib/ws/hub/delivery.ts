import { CatchUpFeed } from "./feeds/catch-up-feed";
import type { Pass, Served } from "./feeds/feed";
import { LatestFeed } from "./feeds/latest-feed";
import { LogCursor } from "./feeds/log-cursor";
import { ReplayFeed } from "./feeds/replay-feed";
import { StreamFeed } from "./feeds/stream-feed";
import { frame, OPCODE } from "./frames/frames";
import type { HubClient } from "./hub-client";
import type { ReadingLog } from "./log/reading-log";

/** Says that what was published since the client was here last cannot all be had any more. */
const MISSED = frame(OPCODE.text, Buffer.from('{"missed":true}'));
const MISSED_IN_BATCH = frame(OPCODE.text, Buffer.from('[{"missed":true}]'));

/** Tells a client that readings were missed, unless what it gets are payloads alone. */
export function tellMissed({ group, outbox }: HubClient, log: ReadingLog): void {
  const { envelope, batch } = group.form;
  if (envelope ?? log.newestIsEnveloped) outbox.write(batch ? MISSED_IN_BATCH : MISSED);
}

/**
 * Sends a client what it is due, as far as its socket or its window has room: at most one write. Whoever is done with one
 * kind of feed gets the next.
 */
export function serve(client: HubClient, pass: Pass): Served {
  const { feed } = client;
  switch (feed.kind) {
    case "resume": {
      const found = feed.serve(client, pass);
      if (found === "part") return "part";
      if (found === "missed") {
        tellMissed(client, pass.log);
        client.feed = new ReplayFeed(feed.live);
        return "part";
      }
      client.joined = found;
      client.feed = new StreamFeed(new LogCursor(client.group, found.seq, found.position));
      return serve(client, pass);
    }
    case "history": {
      const served = feed.serve(client, pass);
      if (served !== "over") return served;
      client.feed = feed.next;
      return "part";
    }
    case "replay": {
      const served = feed.serve(client, pass);
      if (served !== "over") return served;
      client.feed = new StreamFeed(feed.cursor);
      return "part";
    }
    case "latest": {
      const served = feed.serve(client, pass);
      if (served !== "behind") return served;
      client.feed = new CatchUpFeed(feed.sentUpTo, feed.window);
      return serve(client, pass);
    }
    case "catch-up": {
      const served = feed.serve(client, pass);
      if (served === "sent") {
        const { group } = client;
        client.feed = new LatestFeed(new LogCursor(group, pass.log.head, group.head), feed.window);
      }
      return served;
    }
    case "stream":
    case "periodic":
      return feed.serve(client, pass);
  }
}
