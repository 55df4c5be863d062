import type { HubClient } from "../hub-client";
import type { Pass } from "./feed";
import { type FreshnessWindow, marked, markPing } from "./freshness-window";

/** What is larger is not copied to put a mark behind it: another write costs less, and others may share it. */
const MAX_COPIED_BYTES = 64 * 1024;

/** Writes what the pass's writer was given, with a mark at its end. */
export function writeMarked({ outbox }: HubClient, window: FreshnessWindow, pass: Pass): void {
  const frames = pass.writer.take();
  const mark = pass.nextMark();
  if (frames.length < MAX_COPIED_BYTES) {
    const written = marked(frames, mark);
    window.wrote(written.frames.length, mark);
    outbox.write(written.frames);
    return;
  }
  const ping = markPing(mark);
  window.wrote(frames.length + ping.length, mark);
  outbox.write(frames);
  outbox.write(ping);
}
