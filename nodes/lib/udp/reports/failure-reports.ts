import type { Sentence } from "../../text/sentence";
import type { UserError } from "../../text/user-error";
import type { Clock } from "../../time/clock";

export interface FailurePort {
  /** For the status: every failure, also that of a retry. */
  show(brief: Sentence): void;
  /** A failure that was not there yet; a retry that ends the same way is no news. */
  report(error: UserError): void;
}

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
  readonly #known = new Set<string>();
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

  /** The node receives: whatever fails from now on is news. */
  clear(): void {
    this.stop();
    this.#known.clear();
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
      if (this.#known.has(error.message)) continue;
      this.#known.add(error.message);
      this.#port.report(error);
    }
  }
}
