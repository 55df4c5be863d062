import { valuesOf } from "../elements/values";
import type { Reading } from "../reading";
import { Signal } from "./signal";

/** A sender may invent topics and fields: beyond, those that are stale give way. As many as a server has topics. */
const MAX_SIGNALS = 10_000;
/** Finding the stale costs a walk through all: not more often. */
const GIVE_WAY_MS = 1000;
/** At a time, so that there is room until the next. */
const GIVE_WAY = 500;
/** Of one signal: two minutes at ten readings a second. */
const MAX_POINTS = 1200;
/** When there are thousands of signals, those that come later share about so many: 100 MB is the most that all take. */
const SHARED_POINTS = 2_400_000;

export interface SignalListener {
  added(signal: Signal): void;
  changed(signal: Signal): void;
  removed(signal: Signal): void;
}

/** All signals of a server. */
export class SignalStore {
  readonly #listener: SignalListener;
  readonly #now: () => number;
  readonly #topics = new Map<string, Map<string, Signal>>();
  #size = 0;
  #gaveWayAt = Number.NEGATIVE_INFINITY;
  #isFull = false;

  /** @param now by the server's clock */
  constructor(listener: SignalListener, now: () => number) {
    this.#listener = listener;
    this.#now = now;
  }

  get size(): number {
    return this.#size;
  }

  get topicCount(): number {
    return this.#topics.size;
  }

  /** Whether there are more signals than are kept. */
  get isFull(): boolean {
    return this.#isFull;
  }

  *[Symbol.iterator](): IterableIterator<Signal> {
    for (const fields of this.#topics.values()) yield* fields.values();
  }

  take({ topic, payload, time }: Reading): void {
    for (const value of valuesOf(topic, payload)) {
      const signal = this.#topics.get(topic)?.get(value.field) ?? this.#add(topic, value.field);
      if (signal === undefined) continue;
      signal.take(value, time);
      this.#listener.changed(signal);
    }
  }

  clear(): void {
    for (const signal of this) this.#listener.removed(signal);
    this.#topics.clear();
    this.#size = 0;
    this.#isFull = false;
  }

  #add(topic: string, field: string): Signal | undefined {
    this.#isFull = this.#size >= MAX_SIGNALS && !this.#makeRoom();
    if (this.#isFull) return undefined;
    this.#size++;
    const signal = new Signal(topic, field, Math.min(MAX_POINTS, Math.floor(SHARED_POINTS / this.#size)));
    const fields = this.#topics.get(topic) ?? new Map<string, Signal>();
    this.#topics.set(topic, fields.set(field, signal));
    this.#listener.added(signal);
    return signal;
  }

  /** @returns whether there is room now */
  #makeRoom(): boolean {
    const now = this.#now();
    if (Math.abs(now - this.#gaveWayAt) < GIVE_WAY_MS) return false;
    this.#gaveWayAt = now;
    const stale = [...this].filter((signal) => signal.isStaleAt(now)).sort((a, b) => a.time - b.time);
    for (const signal of stale.slice(0, GIVE_WAY)) {
      const fields = this.#topics.get(signal.topic);
      fields?.delete(signal.field);
      if (fields?.size === 0) this.#topics.delete(signal.topic);
      this.#size--;
      this.#listener.removed(signal);
    }
    return stale.length > 0;
  }
}
