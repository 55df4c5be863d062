import { type Clock, systemClock } from "./clock";

/** Holds back what it is asked to run until the next turn of the event loop; from then on it runs everything at once. In order. */
export class FromNextTurn {
  #waiting: (() => void)[] | undefined = [];

  constructor(clock: Clock = systemClock) {
    clock.immediate(() => this.#begin());
  }

  run(task: () => void): void {
    if (this.#waiting === undefined) task();
    else this.#waiting.push(task);
  }

  #begin(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const task of waiting) task();
  }
}
