import { valuesOf } from "../elements/values";
import type { Reading } from "../reading";
import { Signal } from "./signal";

/** A sender may invent topics and fields: beyond, the stalest give way. */
const MAX_SIGNALS = 2000;
/** At a time, since finding them costs a walk through all. */
const GIVE_WAY = 100;

export interface SignalListener {
  added(signal: Signal): void;
  changed(signal: Signal): void;
  removed(signal: Signal): void;
}

/** All signals of a server. */
export class SignalStore {
  readonly #listener: SignalListener;
  readonly #topics = new Map<string, Map<string, Signal>>();
  #size = 0;

  constructor(listener: SignalListener) {
    this.#listener = listener;
  }

  get size(): number {
    return this.#size;
  }

  get topicCount(): number {
    return this.#topics.size;
  }

  *[Symbol.iterator](): IterableIterator<Signal> {
    for (const fields of this.#topics.values()) yield* fields.values();
  }

  take({ topic, payload, time }: Reading): void {
    for (const value of valuesOf(topic, payload)) {
      const signal = this.#topics.get(topic)?.get(value.field) ?? this.#add(topic, value.field);
      signal.take(value, time);
      this.#listener.changed(signal);
    }
  }

  clear(): void {
    for (const signal of this) this.#listener.removed(signal);
    this.#topics.clear();
    this.#size = 0;
  }

  #add(topic: string, field: string): Signal {
    if (this.#size >= MAX_SIGNALS) this.#makeRoom();
    const signal = new Signal(topic, field);
    const fields = this.#topics.get(topic) ?? new Map<string, Signal>();
    this.#topics.set(topic, fields.set(field, signal));
    this.#size++;
    this.#listener.added(signal);
    return signal;
  }

  #makeRoom(): void {
    const stalest = [...this].sort((a, b) => a.time - b.time).slice(0, GIVE_WAY);
    for (const signal of stalest) {
      const fields = this.#topics.get(signal.topic);
      fields?.delete(signal.field);
      if (fields?.size === 0) this.#topics.delete(signal.topic);
      this.#size--;
      this.#listener.removed(signal);
    }
  }
}
