import { systemClock } from "../time/clock";
import type { SocketClass } from "./dialling";
import type { FeedEnvironment } from "./feed";
import { pageActivity } from "./page-activity";

/** The real world. @param WebSocket for a runtime that has none of its own */
export function environmentWith(
  WebSocket: SocketClass = globalThis.WebSocket as unknown as SocketClass,
): FeedEnvironment {
  return {
    WebSocket,
    // Not the function alone: browsers want it called as one of their own.
    fetch: (...question) => globalThis.fetch(...question),
    clock: systemClock,
    activity: pageActivity,
    random: Math.random,
  };
}
