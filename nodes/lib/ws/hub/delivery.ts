import { CatchUpFeed } from "./feeds/catch-up-feed";
import type { Pass, Served } from "./feeds/feed";
import { LatestFeed } from "./feeds/latest-feed";
import { LogCursor } from "./feeds/log-cursor";
import { StreamFeed } from "./feeds/stream-feed";
import type { HubClient } from "./hub-client";

/**
 * Sends a client what it is due, as far as its socket or its window has room: at most one write. Whoever is done with one
 * kind of feed gets the next.
 */
export function serve(client: HubClient, pass: Pass): Served {
  const { feed } = client;
  switch (feed.kind) {
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
