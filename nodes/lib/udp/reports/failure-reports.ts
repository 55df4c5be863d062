import type { Sentence } from "../../text/sentence";
import type { UserError } from "../../text/user-error";
import type { Clock } from "../../time/clock";

export interface FailurePort {
  /** For the status: every failure, also that of a retry. */
  show(brief: Sentence): void;
  /** A failure that was not there yet; a retry that ends the same way is no news. */
  report(error: UserError): void;
}

/** A failure that comes and goes, such as that of a loose cable, is reported so often. */
const REPEAT_MS = 60_000;
/** Failures remembered; there are a handful in practice. */
const MAX_KNOWN = 100;

interface Failure {
  readonly error: UserError;
  readonly brief: Sentence;
}

/**
 * Tells a node's status and its error output what keeps it from receiving. Never at once: while a flow starts, the nodes
 * that catch errors and watch statuses do not exist yet.
 */
export class FailureReports {
  readonly #port: FailurePort;
  readonly #clock: Clock;
  /** By message, when a failure was reported, and whether it has been over since. */
  readonly #known = new Map<string, { readonly at: number; isOver: boolean }>();
  #pending: Failure[] = [];
  #cancel: (() => void) | undefined;

  constructor(port: FailurePort, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
  }

  /** @param brief the failure in words that fit a status */
  add(error: UserError, brief: Sentence): void {
    this.#pending.push({ error, brief });
    this.#cancel ??= this.#clock.immediate(() => this.#flush());
  }

  /** The node receives: whatever fails from now on is news, unless it did so a moment ago. */
  clear(): void {
    this.stop();
    for (const known of this.#known.values()) known.isOver = true;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#pending = [];
  }

  #flush(): void {
    const failures = this.#pending;
    this.stop();
    for (const { error, brief } of failures) {
      this.#port.show(brief);
      if (this.#isNews(error.message)) this.#port.report(error);
    }
  }

  #isNews(message: string): boolean {
    const now = this.#clock.now();
    const known = this.#known.get(message);
    if (known !== undefined && !(known.isOver && now - known.at >= REPEAT_MS)) {
      known.isOver = false;
      return false;
    }
    this.#known.delete(message);
    this.#known.set(message, { at: now, isOver: false });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return true;
  }
}
