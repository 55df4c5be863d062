import { type LoopClock, systemLoopClock as systemClock } from "../../nodes/lib/time/loop-clock";

interface Deferred {
  readonly dueAt: number;
  readonly run: () => void;
  cancel: () => void;
}

/** The clock of the system, which a test can put forward: for what takes long, beside real sockets, which need real time. */
export class SkippableClock implements LoopClock {
  #skippedMs = 0;
  readonly #deferred = new Set<Deferred>();

  now(): number {
    return systemClock.now() + this.#skippedMs;
  }

  idleMs(): number {
    return systemClock.idleMs() + this.#skippedMs;
  }

  wallTime(): number {
    return systemClock.wallTime() + this.#skippedMs;
  }

  immediate(run: () => void): () => void {
    return systemClock.immediate(run);
  }

  timeout(run: () => void, ms: number): () => void {
    const deferred: Deferred = { dueAt: this.now() + ms, run, cancel: () => undefined };
    this.#deferred.add(deferred);
    this.#arm(deferred);
    return () => {
      this.#deferred.delete(deferred);
      deferred.cancel();
    };
  }

  /** Lets so much time pass at once: what falls due in between runs in order, each at its time. */
  skip(ms: number): void {
    const end = this.#skippedMs + ms;
    for (let next = this.#nextWithin(end); next !== undefined; next = this.#nextWithin(end)) {
      this.#skippedMs += Math.max(0, next.dueAt - this.now());
      next.cancel();
      this.#run(next);
    }
    this.#skippedMs = end;
    for (const deferred of this.#deferred) {
      deferred.cancel();
      this.#arm(deferred);
    }
  }

  #nextWithin(endSkippedMs: number): Deferred | undefined {
    const endAt = systemClock.now() + endSkippedMs;
    return [...this.#deferred].filter(({ dueAt }) => dueAt <= endAt).sort((a, b) => a.dueAt - b.dueAt)[0];
  }

  #arm(deferred: Deferred): void {
    deferred.cancel = systemClock.timeout(() => this.#run(deferred), deferred.dueAt - this.now());
  }

  #run(deferred: Deferred): void {
    this.#deferred.delete(deferred);
    deferred.run();
  }
}
