import type { UserError } from "../text/user-error";
import type { Clock } from "../time/clock";

const INTERVAL_MS = 1000;

/** Writes a line about a failure. @param more how many like it there were since the last line about one */
export type WriteFailure = (error: UserError, more: number) => void;

interface Kind {
  last: UserError;
  /** Since the last line. */
  more: number;
  cancel: () => void;
}

/**
 * Lines about messages that could not be handled, however many there are: at most one a second for each kind of failure;
 * and one for a state that no message gets through, until that state changes. None is left out of the counts.
 */
export class FailureLog {
  readonly #write: WriteFailure;
  readonly #clock: Clock;
  /** By the key of their sentence. */
  readonly #kinds = new Map<string, Kind>();
  #state: { readonly error: UserError; more: number } | undefined;

  constructor(write: WriteFailure, clock: Clock) {
    this.#write = write;
    this.#clock = clock;
  }

  /** A failure of one message. */
  add(error: UserError): void {
    const { key } = error.sentence;
    const kind = this.#kinds.get(key);
    if (kind !== undefined) {
      kind.last = error;
      kind.more++;
      return;
    }
    this.#write(error, 0);
    this.#kinds.set(key, { last: error, more: 0, cancel: this.#flushLater(key) });
  }

  /** A failure that every message meets as long as the state that it tells of lasts. */
  addState(error: UserError): void {
    if (this.#state?.error.message === error.message) {
      this.#state.more++;
      return;
    }
    this.endState();
    this.#write(error, 0);
    this.#state = { error, more: 0 };
  }

  /** Messages get through again, or may do so. */
  endState(): void {
    const state = this.#state;
    this.#state = undefined;
    if (state !== undefined && state.more > 0) this.#write(state.error, state.more);
  }

  /** Writes what is not written yet. */
  stop(): void {
    this.endState();
    for (const { last, more, cancel } of this.#kinds.values()) {
      cancel();
      if (more > 0) this.#write(last, more);
    }
    this.#kinds.clear();
  }

  #flushLater(key: string): () => void {
    return this.#clock.timeout(() => {
      const kind = this.#kinds.get(key);
      if (kind === undefined) return;
      if (kind.more === 0) {
        this.#kinds.delete(key);
        return;
      }
      this.#write(kind.last, kind.more);
      kind.more = 0;
      kind.cancel = this.#flushLater(key);
    }, INTERVAL_MS);
  }
}
