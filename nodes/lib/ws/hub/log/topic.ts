import { levelsOf } from "../../../mqtt/topic-filter";
import type { StoredReading } from "./stored-reading";

/** Levels of a topic with more are not remembered but found anew. */
const MAX_REMEMBERED_LEVELS = 16;

/** One topic of the hub. Its table keeps topics in order of their newest reading. */
export class Topic {
  readonly name: string;
  /** The table's: a small number that no other topic has until this one is removed. */
  slot = 0;
  /** Sequence number of the newest reading. */
  newest = 0;
  /** When that was published, in ms of the hub's clock. */
  publishedAt = 0;
  /** The newest reading is bytes that are to be sent without an envelope. */
  isBytes = false;
  /** The newest reading, once it has left the log. */
  retained: StoredReading | undefined;
  /** The topic was given up for newer ones; its readings may still be in the log. */
  removed = false;
  older: Topic | undefined;
  newer: Topic | undefined;
  /** The log's: how many of its entries are of this topic. */
  entries = 0;
  #envelopeStart: Buffer | undefined;
  #levels: readonly string[] | undefined;

  constructor(name: string) {
    this.name = name;
  }

  get levels(): readonly string[] {
    if (this.#levels !== undefined) return this.#levels;
    const levels = levelsOf(this.name);
    if (!this.removed && levels.length <= MAX_REMEMBERED_LEVELS) this.#levels = levels;
    return levels;
  }

  /** What an envelope of this topic starts with. */
  get envelopeStart(): Buffer {
    if (this.#envelopeStart !== undefined) return this.#envelopeStart;
    const start = Buffer.from(`{"topic":${JSON.stringify(this.name)},"payload":`);
    if (!this.removed) this.#envelopeStart = start;
    return start;
  }

  /** The log may refer to a removed topic for long: from now on it is no more than its name. */
  markRemoved(): void {
    this.removed = true;
    this.retained = undefined;
    this.#levels = undefined;
    this.#envelopeStart = undefined;
  }
}
