import { type Clock, systemClock } from "../../time/clock";

/**
 * After a round, none follows for so long: what comes meanwhile goes out together. A write to a pipe costs as much as a
 * hundred readings, and senders take some milliseconds to hand out what they got.
 */
const REST_MS = 4;

/** Has something pumped in rounds: at once after a silence, and else at intervals. */
export class Pump {
  readonly #round: () => boolean;
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;
  #isStopped = false;
  #notBefore = 0;

  /** @param round returns whether there is more to do at once */
  constructor(round: () => boolean, clock: Clock = systemClock) {
    this.#round = round;
    this.#clock = clock;
  }

  /** Cheap when a round is already on its way. */
  request(): void {
    if (this.#cancel !== undefined || this.#isStopped) return;
    const restMs = this.#notBefore - this.#clock.now();
    this.#cancel =
      restMs <= 0
        ? this.#clock.immediate(() => this.#run())
        : this.#clock.timeout(() => this.#run(), Math.ceil(restMs));
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #run(): void {
    this.#cancel = undefined;
    const isMore = this.#round();
    this.#notBefore = isMore ? 0 : this.#clock.now() + REST_MS;
    if (isMore) this.request();
  }
}
