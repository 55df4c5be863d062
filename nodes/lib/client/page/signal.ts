import { digitsOf } from "../elements/format";
import { Series } from "../elements/series";
import { type FieldValue, numberOf } from "../elements/values";

/** Deeper topics stand under the heading of this level: a sender may invent thousands. */
const MAX_PARENTS = 8;
const STALE_AFTER_MS = 10_000;
const STALE_INTERVALS = 3;
const RATE_SMOOTHING = 0.4;

/** What the page knows about one topic, or about one field of it. */
export class Signal {
  readonly topic: string;
  /** Empty for the topic's own value. */
  readonly field: string;
  readonly levels: readonly string[];
  /** The topics above it, from the top: `a` and `a/b` of `a/b/c`. */
  readonly parents: readonly string[];
  /** Points to draw; none for a signal that never was a number. */
  readonly series: Series;
  value: unknown;
  unit = "";
  /** Of the newest reading, in ms since 1970 by the server's clock. */
  time = 0;
  /** Readings per second. */
  rate = 0;
  /** As many decimal places as its numbers have had. */
  digits = 0;
  #count = 0;
  #isRated = false;

  /** @param points how many to keep at most */
  constructor(topic: string, field: string, points: number) {
    this.topic = topic;
    this.field = field;
    this.levels = topic.split("/");
    this.parents = parentsOf(this.levels);
    this.series = new Series(points);
  }

  get label(): string {
    return this.field === "" ? this.topic : `${this.topic} › ${this.field}`;
  }

  take({ value, unit }: FieldValue, time: number): void {
    this.value = value;
    this.unit = unit;
    this.time = time;
    this.#count++;
    const number = numberOf(value);
    if (number === undefined) return;
    this.series.add(time, number);
    if (typeof value === "number") this.digits = Math.max(this.digits, digitsOf(value));
  }

  /** To be called about once a second. */
  tick(seconds: number): void {
    const now = this.#count / seconds;
    this.rate = this.#isRated ? this.rate + (now - this.rate) * RATE_SMOOTHING : now;
    this.#isRated = true;
    this.#count = 0;
  }

  isStaleAt(now: number): boolean {
    return now - this.time > Math.max(STALE_AFTER_MS, STALE_INTERVALS * this.series.interval);
  }
}

/** What is above a topic of these levels, from the top. */
export function parentsOf(levels: readonly string[]): string[] {
  const above = levels.slice(0, Math.min(levels.length - 1, MAX_PARENTS));
  return above.map((_, index) => above.slice(0, index + 1).join("/"));
}
