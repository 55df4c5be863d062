import type { Clock } from "../time/clock";
import { briefValue } from "./brief-value";
import { type Named, NameIndex, type Page, type PageRequest } from "./name-index";
import { RateWindow } from "./rate-window";

/** A reading as a topic's row tells of it. */
export interface HeardReading {
  readonly topic: string;
  readonly payload: unknown;
  readonly ip: string;
}

/** One topic of a listener. */
export interface TopicRow {
  readonly topic: string;
  /** Readings per second, over the last 5 to 10 s. */
  readonly perSecond: number;
  readonly readings: number;
  /** Its last reading but for a few seconds, as JSON, cut. */
  readonly value: string;
  /** How old the value is, and how long ago the topic was last heard, in ms. */
  readonly valueAge: number;
  readonly age: number;
  /** Address of its last sender. */
  readonly sender: string;
}

const MAX_TOPICS = 10_000;
const MAX_NAME_CHARACTERS = 256;
const MAX_VALUE_CHARACTERS = 160;
/** A value is written down again after so long: often while somebody watches, else now and then. */
const WATCHED_INTERVAL_MS = 500;
const UNWATCHED_INTERVAL_MS = 5000;
/** So long after a page was asked for, somebody still watches. */
const WATCHING_MS = 5000;
/** However many topics are invented, as many values at most are written down in a second. */
const MAX_VALUES_PER_SECOND = 10_000;
/** A topic that finds no room takes that of the stalest of so many. */
const CANDIDATES = 8;

class Topic implements Named {
  readonly name: string;
  readonly rate: RateWindow;
  removed = false;
  sender = "";
  value = "";
  heardAt = 0;
  valueAt = Number.NEGATIVE_INFINITY;

  constructor(name: string, now: number) {
    this.name = name;
    this.rate = new RateWindow(now);
  }
}

/**
 * All topics of a listener, bounded: how often each is heard, from whom, and what it said. For a reading of a known topic,
 * a look-up and a few numbers; what it says is written down at a bounded rate.
 */
export class TopicWatch {
  readonly #clock: Clock;
  readonly #maxTopics: number;
  readonly #topics = new Map<string, Topic>();
  readonly #index: NameIndex<Topic>;
  #victims: Iterator<Topic> | undefined;
  #watchedUntil = Number.NEGATIVE_INFINITY;
  #second = 0;
  #valuesThisSecond = 0;

  constructor(clock: Clock, maxTopics = MAX_TOPICS) {
    this.#clock = clock;
    this.#maxTopics = maxTopics;
    this.#index = new NameIndex(this.#topics, {
      rate: ({ rate }, now) => rate.perSecond(now) * 1000,
      age: ({ heardAt }, now) => now - heardAt,
    });
  }

  get size(): number {
    return this.#topics.size;
  }

  /** @param now of the monotonic clock, in ms: what is told is for how long, and the wall clock may be set */
  heard(reading: HeardReading, now: number): void {
    const topic = this.#topics.get(reading.topic) ?? this.#add(reading.topic, now);
    topic.rate.count++;
    topic.heardAt = now;
    topic.sender = reading.ip;
    const interval = now < this.#watchedUntil ? WATCHED_INTERVAL_MS : UNWATCHED_INTERVAL_MS;
    if (now - topic.valueAt >= interval && this.#mayWriteValue(now)) {
      topic.value = briefValue(reading.payload, MAX_VALUE_CHARACTERS);
      topic.valueAt = now;
    }
  }

  async page(request: PageRequest): Promise<Page<TopicRow>> {
    const now = this.#clock.now();
    this.#watchedUntil = now + WATCHING_MS;
    const page = await this.#index.page(request, now);
    return { ...page, rows: page.rows.map((topic) => rowOf(topic, now)) };
  }

  #add(name: string, now: number): Topic {
    const isLong = name.length > MAX_NAME_CHARACTERS;
    const shown = detached(isLong ? `${name.slice(0, MAX_NAME_CHARACTERS - 1)}…` : name);
    const known = isLong ? this.#topics.get(shown) : undefined;
    if (known !== undefined) return known;
    if (this.#topics.size >= this.#maxTopics) this.#evict();
    const topic = new Topic(shown, now);
    this.#topics.set(shown, topic);
    return topic;
  }

  /** Goes round the table, from where it was last time: senders are free to invent topics, so this is to cost little. */
  #evict(): void {
    let stalest: Topic | undefined;
    for (let looked = 0; looked < CANDIDATES; looked++) {
      const candidate = this.#nextCandidate();
      if (stalest === undefined || candidate.heardAt < stalest.heardAt) stalest = candidate;
    }
    if (stalest === undefined) return;
    stalest.removed = true;
    this.#topics.delete(stalest.name);
  }

  #nextCandidate(): Topic {
    let next = this.#victims?.next();
    if (next === undefined || next.done === true) {
      this.#victims = this.#topics.values();
      next = this.#victims.next();
    }
    return next.value as Topic;
  }

  #mayWriteValue(now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) this.#valuesThisSecond = 0;
    this.#second = second;
    return ++this.#valuesThisSecond <= MAX_VALUES_PER_SECOND;
  }
}

function rowOf(topic: Topic, now: number): TopicRow {
  return {
    topic: topic.name,
    perSecond: topic.rate.perSecond(now),
    readings: topic.rate.count,
    value: topic.value,
    valueAge: Math.max(now - topic.valueAt, 0),
    age: Math.max(now - topic.heardAt, 0),
    sender: topic.sender,
  };
}

/** A copy: text cut out of a datagram keeps all of the datagram in memory. */
function detached(text: string): string {
  return Buffer.from(text).toString();
}
