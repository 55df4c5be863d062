/** Runs something soon after it is asked for, but at most once per interval, and always once after the last request. */
export class Throttle {
  #timer: NodeJS.Timeout | undefined;
  #asked = false;

  constructor(
    private readonly intervalMs: number,
    private readonly run: () => void,
  ) {}

  request(): void {
    if (this.#timer !== undefined) {
      this.#asked = true;
      return;
    }
    this.run();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#asked) return;
      this.#asked = false;
      this.request();
    }, this.intervalMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked = false;
    this.#timer = undefined;
  }
}
