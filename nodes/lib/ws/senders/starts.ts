import { Backoff } from "../../net/backoff";
import type { Sentence } from "../../text/sentence";
import { type Clock, systemClock } from "../../time/clock";
import { fewer, unavailable } from "./notices";

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
  /** Senders that there should be. */
  readonly asked: number;
  readonly clock?: Clock;
  /** @throws when no process can be started */
  start(): void;
  /** How many there are that serve clients, and how many that do not yet. */
  senders(): { readonly ready: number; readonly starting: number };
  /** Told how many run where some cannot be started; again when that number changes, or after all have run. */
  notice(notice: Sentence): void;
}

interface Retry {
  readonly cancel: () => void;
  /** Why it could not be started; missing where it had served clients. */
  readonly failure?: { readonly error: unknown };
}

/** Starts senders; one that cannot be started, or ends, again later: after ever longer, as long as that fails. */
export class Starts {
  readonly #context: StartsContext;
  readonly #clock: Clock;
  readonly #backoff = new Backoff(RETRY);
  readonly #retries = new Set<Retry>();
  #isStopped = false;
  /** How many run, as far as the user was told. */
  #told: number;

  constructor(context: StartsContext) {
    this.#context = context;
    this.#clock = context.clock ?? systemClock;
    this.#told = context.asked;
  }

  start(): void {
    if (this.#isStopped) return;
    try {
      this.#context.start();
    } catch (error) {
      this.#startLater({ error });
    }
  }

  /** A sender serves clients. */
  succeeded(): void {
    this.#tell();
  }

  /** One has ended: another one takes its place. */
  replace({ wasReady, age }: Ended, error: unknown): void {
    if (wasReady && age > PROVEN_MS) this.#backoff.reset();
    this.#startLater(wasReady ? undefined : { error });
  }

  stop(): void {
    this.#isStopped = true;
    for (const { cancel } of this.#retries) cancel();
  }

  #startLater(failure: Retry["failure"]): void {
    if (this.#isStopped) return;
    const cancel = this.#clock.timeout(() => {
      this.#retries.delete(retry);
      this.start();
    }, this.#backoff.next());
    const retry: Retry = { cancel, ...(failure && { failure }) };
    this.#retries.add(retry);
    this.#tell();
  }

  /** Not while some are about to serve clients, or to fail. */
  #tell(): void {
    const { asked, notice, senders } = this.#context;
    const { ready, starting } = senders();
    if (ready === asked) this.#told = asked;
    if (this.#isStopped || starting > 0 || ready === this.#told) return;
    const failure = [...this.#retries].findLast((retry) => retry.failure !== undefined)?.failure;
    if (failure === undefined) return;
    this.#told = ready;
    notice(ready === 0 ? unavailable(failure.error) : fewer({ running: ready, asked }, failure.error));
  }
}
