/** What becomes of a datagram: emitted once one of its readings is, else conflated. Told when the last of them is settled. */
export class DatagramFate {
  #unsettled: number;
  #isEmitted = false;
  readonly #settled: (isEmitted: boolean) => void;

  /** @param readings in the datagram */
  constructor(readings: number, settled: (isEmitted: boolean) => void) {
    this.#unsettled = readings;
    this.#settled = settled;
  }

  /** One of its readings was emitted, or made way for a newer one. */
  settle(isEmitted: boolean): void {
    if (isEmitted) this.#isEmitted = true;
    this.#unsettled--;
    if (this.#unsettled === 0) this.#settled(this.#isEmitted);
  }
}
