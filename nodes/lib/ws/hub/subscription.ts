/** What one client wants to receive, after its URL was checked and met with what it may read. */
export interface Subscription {
  /** MQTT topic filters; empty: every topic. */
  readonly filters: readonly string[];
  /** MQTT topic filters of what it may read, besides what it asks for; `undefined`: everything. */
  readonly granted: readonly string[] | undefined;
  /** `stream`: every reading; `latest`: the newest reading of each topic once the client falls behind. */
  readonly mode: "stream" | "latest";
  /** At most one reading per topic each so many ms; 0: no limit. */
  readonly every: number;
  /** `undefined`: in the form its publisher chose. */
  readonly envelope: boolean | undefined;
  /** Resume after this reading. */
  readonly since: Position | undefined;
  /** Start with the newest reading of each topic. */
  readonly replay: boolean;
}

/** Identity of one reading: its sequence number within the life of one server. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}
