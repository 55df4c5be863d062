import type { SocketFailure } from "./socket-failure";

/** Reports a failure once, not again on each retry that ends the same way, until it is over */
export class FailureReports {
  readonly #reported = new Set<string>();

  constructor(private readonly write: (failure: SocketFailure) => void) {}

  add(failure: SocketFailure): void {
    if (this.#reported.has(failure.message)) return;
    this.#reported.add(failure.message);
    this.write(failure);
  }

  /** The socket receives: whatever fails from now on is news. */
  clear(): void {
    this.#reported.clear();
  }
}
