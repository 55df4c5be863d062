import { levelsOf } from "../../../mqtt/topic-filter";
import type { StoredReading } from "./stored-reading";

/** Levels of a topic with more are not remembered but found anew. */
const MAX_REMEMBERED_LEVELS = 16;

/** One topic of the hub. Topics form a list by recency of their newest reading, which their table keeps. */
export class Topic {
  /** Sequence number of the newest reading. */
  newest = 0;
  /** The newest reading, once it has left the log. */
  retained: StoredReading | undefined;
  /** The topic was given up for newer ones; its readings may still be in the log. */
  removed = false;
  older: Topic | undefined;
  newer: Topic | undefined;
  #envelopeStart: Buffer | undefined;
  #levels: readonly string[] | undefined;

  constructor(
    /** Order of creation. */
    readonly id: number,
    readonly name: string,
  ) {}

  get levels(): readonly string[] {
    if (this.#levels !== undefined) return this.#levels;
    const levels = levelsOf(this.name);
    if (levels.length <= MAX_REMEMBERED_LEVELS) this.#levels = levels;
    return levels;
  }

  /** What an envelope of this topic starts with. */
  get envelopeStart(): Buffer {
    this.#envelopeStart ??= Buffer.from(`{"topic":${JSON.stringify(this.name)},"payload":`);
    return this.#envelopeStart;
  }
}
