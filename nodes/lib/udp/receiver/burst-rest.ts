/** How long datagrams gather. A median one is delayed by half of it. */
const REST_MS = 1;
/**
 * From so many in a millisecond on, it pays: of 30 000 datagrams a second, it saves some quarter of the processor time of the
 * thread, and a tenth of that of the event loop, which is woken less often. With fewer, the delay would be more to notice than what is saved.
 */
const BUSY_DATAGRAMS = 16;
/** More than that in a millisecond might be more than the system's buffer for a socket holds by the end of a rest: 208 KiB by default. */
const MAX_BYTES = 64 * 1024;
/** Of libuv, which reads no more of a socket in a turn of the event loop: there may be more already. */
const MAX_PER_TURN = 32;

/**
 * Decides when a thread that only receives lets datagrams gather in the system's buffers, and reads them together: where so many
 * come that it would be woken for each few of them, and takes processor time from those that handle them.
 */
export class BurstRest {
  #since = 0;
  #datagrams = 0;
  #bytes = 0;
  #inTurn = 0;
  #isBusy = false;

  /** One was received. */
  add(bytes: number): void {
    this.#inTurn++;
    this.#bytes += bytes;
  }

  /**
   * To be asked when the system has no more for now.
   * @param now in milliseconds
   * @returns milliseconds in which to read nothing; 0 where few come, or many bytes
   */
  next(now: number): number {
    const turn = this.#inTurn;
    this.#inTurn = 0;
    this.#datagrams += turn;
    const elapsedMs = now - this.#since;
    if (elapsedMs >= REST_MS) {
      this.#isBusy = this.#datagrams >= BUSY_DATAGRAMS * elapsedMs && this.#bytes <= MAX_BYTES * elapsedMs;
      this.#since = now;
      this.#datagrams = 0;
      this.#bytes = 0;
    }
    return this.#isBusy && turn < MAX_PER_TURN ? REST_MS : 0;
  }
}
