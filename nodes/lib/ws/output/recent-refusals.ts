import type { Clock } from "../../time/clock";

const RECENT_MS = 60_000;

/** How many clients were refused lately: since refusals began, until there has been none for a minute. */
export class RecentRefusals {
  readonly #total: () => number;
  readonly #clock: Clock;
  readonly #onOver: () => void;
  #before = 0;
  #cancel: (() => void) | undefined;

  /**
   * @param total how many were refused since the server started
   * @param onOver called once the refusals are not recent any more
   */
  constructor(total: () => number, onOver: () => void, clock: Clock) {
    this.#total = total;
    this.#onOver = onOver;
    this.#clock = clock;
  }

  /** To be called for a refusal that the total already holds. It may stand for several. */
  add(): void {
    if (this.#cancel === undefined) this.#before = this.#total() - 1;
    this.stop();
    this.#cancel = this.#clock.timeout(() => {
      this.#cancel = undefined;
      this.#onOver();
    }, RECENT_MS);
  }

  get count(): number {
    return this.#cancel === undefined ? 0 : this.#total() - this.#before;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
