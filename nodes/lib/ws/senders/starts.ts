import { Backoff } from "../../net/backoff";
import type { Sentence } from "../../text/sentence";
import { systemClock } from "../../time/clock";
import { unavailable } from "./notices";

const RETRY = { firstMs: 100, lastMs: 30_000 };
/** A sender that has run for so long was no failure. */
const PROVEN_MS = 10_000;

/** What became of a sender that has ended. */
export interface Ended {
  /** It got as far as serving clients. */
  readonly wasReady: boolean;
  /** In ms. */
  readonly age: number;
}

export interface StartsContext {
  /** @throws when no process can be started */
  start(): void;
  /** Whether there is no sender. */
  isNone(): boolean;
  /** Told once when none can be started, and once more after one could. */
  notice(notice: Sentence): void;
}

/** Starts senders; one that cannot be started, or ends, again later: after ever longer, as long as that fails. */
export class Starts {
  readonly #context: StartsContext;
  readonly #backoff = new Backoff(RETRY);
  readonly #retries = new Set<() => void>();
  #isStopped = false;
  #wasNoticed = false;

  constructor(context: StartsContext) {
    this.#context = context;
  }

  start(): void {
    if (this.#isStopped) return;
    try {
      this.#context.start();
    } catch (error) {
      this.#startLater(error, false);
    }
  }

  /** A sender serves clients. */
  succeeded(): void {
    this.#wasNoticed = false;
  }

  /** One has ended: another one takes its place. */
  replace({ wasReady, age }: Ended, error: unknown): void {
    if (wasReady && age > PROVEN_MS) this.#backoff.reset();
    this.#startLater(error, wasReady);
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#retries) cancel();
  }

  #startLater(error: unknown, wasReady: boolean): void {
    if (this.#isStopped) return;
    if (!wasReady && this.#context.isNone() && !this.#wasNoticed) {
      this.#wasNoticed = true;
      this.#context.notice(unavailable(error));
    }
    const cancel = systemClock.timeout(() => {
      this.#retries.delete(cancel);
      this.start();
    }, this.#backoff.next());
    this.#retries.add(cancel);
  }
}
