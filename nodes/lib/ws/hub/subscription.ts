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
  /** Resume after this reading. */
  readonly since: Position | undefined;
  /** Start with the newest reading of each topic. */
  readonly replay: boolean;
}

/** As much of a subscription as clients of one group have in common. */
export type Interest = Pick<Subscription, "filters" | "granted" | "envelope">;

/** Identity of one reading: its sequence number within the life of one server. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** Equal for subscriptions that get the same readings in the same form: those share what it takes to match and frame them. */
export function groupKey({ filters, granted, envelope }: Interest): string {
  return JSON.stringify([envelope ?? null, sorted(filters), granted && sorted(granted)]);
}

function sorted(filters: readonly string[]): string[] {
  return [...new Set(filters)].sort();
}
