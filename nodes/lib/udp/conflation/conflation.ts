import type { Clock } from "../../time/clock";
import type { PiecewiseWork, TurnBudget } from "../../time/turn-budget";
import { type Combination, type Combined, createCombination, type Reading } from "./combination";
import type { ConflationMode } from "./conflation-mode";

export interface ConflationOptions {
  /** How long a topic has one message at most. */
  readonly everyMs: number;
  readonly mode: ConflationMode;
  readonly clock: Clock;
  readonly budget: TurnBudget;
}

/** A reading that may have to wait. */
export interface Conflatable<Message extends Reading> {
  readonly message: Message;
  /** Of its datagram. */
  readonly bytes: number;
  /** How many readings that has. */
  readonly readings: number;
  /** To be called once: it is handed on, or a newer one took its place. */
  settle(isEmitted: boolean): void;
}

/**
 * Hands on a message. Must not throw.
 * @param newest of the readings that it stands for @param readings how many these are
 */
export type Emit<Message> = (newest: Message, combined: Combined, readings: number) => void;

/** The time in which a topic has one message at most, and what waits for the end of it. */
interface Window<Message extends Reading> {
  readonly topic: string;
  readonly endsAt: number;
  combination: Combination | undefined;
  newest: Conflatable<Message> | undefined;
  readings: number;
}

/** Senders are free to invent topics. */
const MAX_WINDOWS = 10_000;
const MAX_HELD_BYTES = 32 * 1024 * 1024;
/** Of what waits, besides its content. */
const READING_BYTES = 200;
/** Messages handed on in one piece of work. */
const MESSAGES_PER_PIECE = 32;

/**
 * At most one message per topic in so many milliseconds. In mode `newest`, a reading is handed on at once if its topic had no message
 * lately, else the newest one at the end of that time. In the other modes the time begins with a reading, and the message
 * comes at its end. Nothing is lost: where too much would have to be held, what waited longest is handed on early, and so
 * is a message that is as large as one may be.
 * Takes constant time per reading besides combining it; one timer serves all topics, and runs only while one is waited for.
 */
export class Conflation<Message extends Reading> {
  readonly #options: ConflationOptions;
  readonly #emit: Emit<Message>;
  /** In the order of their ends, since all are equally long. */
  readonly #windows = new Map<string, Window<Message>>();
  readonly #work: PiecewiseWork = { step: () => this.#step() };
  #heldBytes = 0;
  #cancel: (() => void) | undefined;

  constructor(options: ConflationOptions, emit: Emit<Message>) {
    this.#options = options;
    this.#emit = emit;
  }

  take(reading: Conflatable<Message>): void {
    const { topic } = reading.message;
    const known = this.#windows.get(topic);
    const window = known ?? this.#open(topic);
    this.#hold(window, reading);
    if (known === undefined && this.#options.mode === "newest") this.#handOn(window);
    else if (window.combination?.isFull) this.#close(window);
    this.#makeRoom();
  }

  /** Hands on what waits. */
  flush(): void {
    for (const window of this.#windows.values()) this.#close(window);
    this.#options.budget.drop(this.#work);
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #open(topic: string): Window<Message> {
    const { clock, everyMs } = this.#options;
    const endsAt = clock.now() + everyMs;
    const window = { topic, endsAt, combination: undefined, newest: undefined, readings: 0 };
    this.#windows.set(topic, window);
    if (this.#windows.size === 1) this.#wait(everyMs);
    return window;
  }

  #hold(window: Window<Message>, reading: Conflatable<Message>): void {
    window.combination ??= createCombination(this.#options.mode);
    const bytesBefore = window.combination.bytes;
    const { message, bytes, readings } = reading;
    window.combination.add(message, { heldBytes: bytes + READING_BYTES, ownBytes: bytes / readings });
    this.#heldBytes += window.combination.bytes - bytesBefore;
    window.newest?.settle(false);
    window.newest = reading;
    window.readings++;
  }

  /** @returns whether something waited */
  #handOn(window: Window<Message>): boolean {
    const { newest, combination, readings } = window;
    if (newest === undefined || combination === undefined) return false;
    this.#heldBytes -= combination.bytes;
    window.combination = undefined;
    window.newest = undefined;
    window.readings = 0;
    this.#emit(newest.message, combination.combined(), readings);
    newest.settle(true);
    return true;
  }

  /** @returns whether something waited */
  #close(window: Window<Message>): boolean {
    this.#windows.delete(window.topic);
    return this.#handOn(window);
  }

  get #isCrowded(): boolean {
    return this.#windows.size > MAX_WINDOWS || this.#heldBytes > MAX_HELD_BYTES;
  }

  #makeRoom(): void {
    if (!this.#isCrowded) return;
    for (const window of this.#windows.values()) {
      this.#close(window);
      if (!this.#isCrowded) return;
    }
  }

  #wait(ms: number): void {
    const { clock, budget } = this.#options;
    this.#cancel?.();
    this.#cancel = clock.timeout(() => {
      this.#cancel = undefined;
      budget.do(this.#work);
    }, ms);
  }

  /** Ends some of the windows that are over. */
  #step(): boolean {
    const { clock, mode } = this.#options;
    const now = clock.now();
    let messages = 0;
    for (const window of this.#windows.values()) {
      if (window.endsAt > now) {
        this.#wait(Math.ceil(window.endsAt - now));
        return false;
      }
      if (messages === MESSAGES_PER_PIECE) return true;
      const { topic } = window;
      if (!this.#close(window)) continue;
      messages++;
      if (mode === "newest") this.#open(topic);
    }
    return false;
  }
}
