import { type Clock, systemClock } from "../time/clock";

/** A successor that has not come by then will not: its flow was not started. */
const PARKING_TIMEOUT_MS = 5000;

interface Parked<T> {
  readonly running: T;
  readonly cancelTimeout: () => void;
}

/**
 * Keeps what a node has running while the node is replaced by its successor, for the successor to take over. What nobody
 * takes over is ended.
 */
export class ParkedServers<T> {
  readonly #endRunning: (running: T) => void;
  readonly #clock: Clock;
  readonly #parked = new Map<string, Parked<T>>();

  /** @param end is called once for what nobody takes over */
  constructor(end: (running: T) => void, clock: Clock = systemClock) {
    this.#endRunning = end;
    this.#clock = clock;
  }

  /** @param id of the node and of its successor */
  park(id: string, running: T): void {
    this.#end(id);
    const cancelTimeout = this.#clock.timeout(() => this.#end(id), PARKING_TIMEOUT_MS);
    this.#parked.set(id, { running, cancelTimeout });
  }

  /** What was parked, unless it cannot be reused: then it is ended. */
  take(id: string, canReuse: (running: T) => boolean): T | undefined {
    const running = this.#parked.get(id)?.running;
    if (running === undefined || !canReuse(running)) {
      this.#end(id);
      return undefined;
    }
    this.#remove(id);
    return running;
  }

  /** No more successors will come. */
  endAll(): void {
    for (const id of [...this.#parked.keys()]) this.#end(id);
  }

  #end(id: string): void {
    const running = this.#parked.get(id)?.running;
    this.#remove(id);
    if (running !== undefined) this.#endRunning(running);
  }

  #remove(id: string): void {
    this.#parked.get(id)?.cancelTimeout();
    this.#parked.delete(id);
  }
}
