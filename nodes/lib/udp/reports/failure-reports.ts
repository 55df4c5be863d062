import type { Clock } from "../../time/clock";

/** What keeps a node from receiving. */
export interface Failure {
  /** A sentence. */
  readonly message: string;
  /** For a status. */
  readonly brief: string;
  /** For programs. */
  readonly code: string;
}

export interface FailurePort {
  /** Every failure, also of a retry. */
  show(failure: Failure): void;
  /** A failure that was not there yet; a retry that ends the same way is no news. */
  report(failure: Failure): void;
}

/**
 * Tells a node's status and its error output of failures. Never at once: while a flow starts, the nodes that catch
 * errors and watch statuses do not exist yet.
 */
export class FailureReports {
  readonly #known = new Set<string>();
  #pending: Failure[] = [];
  #cancel: (() => void) | undefined;

  constructor(
    private readonly port: FailurePort,
    private readonly clock: Clock,
  ) {}

  add(failure: Failure): void {
    this.#pending.push(failure);
    this.#cancel ??= this.clock.immediate(() => this.#flush());
  }

  /** The socket receives: whatever fails from now on is news. */
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
    for (const failure of failures) {
      this.port.show(failure);
      if (this.#known.has(failure.message)) continue;
      this.#known.add(failure.message);
      this.port.report(failure);
    }
  }
}
