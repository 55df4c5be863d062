import type { LoopClock } from "../../nodes/lib/time/loop-clock";

interface Deferred {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told to go on. */
export class FakeClock implements LoopClock {
  /** By how much the wall clock was set, back or forward, since the beginning. */
  setByMs = 0;
  #now = 0;
  #busyMs = 0;
  #order = 0;
  #deferred: Deferred[] = [];

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return 1_700_000_000_000 + this.#now + this.setByMs;
  }

  /** All time that passes without something running. */
  idleMs(): number {
    return this.#now - this.#busyMs;
  }

  immediate(run: () => void): () => void {
    return this.timeout(run, 0);
  }

  timeout(run: () => void, ms: number): () => void {
    const deferred = { at: this.#now + ms, order: this.#order++, run };
    this.#deferred.push(deferred);
    return () => {
      this.#deferred = this.#deferred.filter((other) => other !== deferred);
    };
  }

  /** Deferrals that are still to come. */
  get pending(): number {
    return this.#deferred.length;
  }

  /** When the next of them falls due. */
  get nextAt(): number | undefined {
    return this.#next(Number.POSITIVE_INFINITY)?.at;
  }

  /** Lets time pass while something runs: what falls due meanwhile runs late. */
  elapse(ms: number): void {
    this.#now += ms;
    this.#busyMs += ms;
  }

  /** Goes on to what comes next, and runs it. */
  runNext(): void {
    const next = this.#next(Number.POSITIVE_INFINITY);
    if (next === undefined) throw new Error("nothing is deferred");
    this.#run(next);
  }

  /** Lets time pass, running what falls due in between, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) this.#run(next);
    this.#now = Math.max(this.#now, end);
  }

  #next(until: number): Deferred | undefined {
    return this.#deferred.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }

  #run(deferred: Deferred): void {
    this.#deferred = this.#deferred.filter((other) => other !== deferred);
    this.#now = Math.max(this.#now, deferred.at);
    deferred.run();
  }
}
