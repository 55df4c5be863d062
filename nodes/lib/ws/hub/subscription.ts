import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { HistoryRange } from "./history/reading-history";

/** `stream`: every reading; `latest`: the newest reading of each topic once the client falls behind. */
export type Mode = "stream" | "latest";

/** What one client wants to receive, after its URL was checked and met with what it may read. */
export interface Subscription {
  /** MQTT topic filters; empty: every topic. */
  readonly filters: readonly string[];
  /** MQTT topic filters of what it may read, besides what it asks for; `undefined`: everything. */
  readonly granted: readonly string[] | undefined;
  readonly mode: Mode;
  /** At most one reading per topic each so many ms; 0: no limit. */
  readonly every: number;
  /** `undefined`: in the form its publisher chose. */
  readonly envelope: boolean | undefined;
  /** All readings that are sent together in one frame, as a JSON array; default: a frame each. */
  readonly batch?: boolean;
  /** Resume after this reading. */
  readonly since: Position | undefined;
  /** Start with the newest reading of each topic. */
  readonly replay: boolean;
  /** Start with the readings of each topic that were published before; `undefined`: no. */
  readonly history?: HistoryRange | undefined;
}

/** As much of a subscription as clients of one group have in common. */
export type Interest = Pick<Subscription, "filters" | "granted" | "envelope" | "batch">;

/** Identity of one reading: its sequence number within the life of one server. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** One of two equal subscriptions: the known one, so that clients who ask for the same share what describes it. */
export function sharedSubscription(subscription: Subscription, known: Subscription | undefined): Subscription {
  return known !== undefined && isDeepStrictEqual(subscription, known) ? known : subscription;
}

/** Equal for subscriptions that get the same readings in the same form: those share what it takes to match and frame them. */
export function groupKey({ filters, granted, envelope, batch = false }: Interest): string {
  return digest([envelope ?? null, batch, sorted(filters), granted && sorted(granted)]);
}

/** Equal for grants of the same topics. */
export function grantKey(granted: readonly string[]): string {
  return digest(sorted(granted));
}

/** The filters of one client may take 64 KB: too much to keep once more as a key. */
function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64");
}

function sorted(filters: readonly string[]): string[] {
  return [...new Set(filters)].sort();
}
