import type { Sender } from "./socket/sender";

/** A datagram that was let in, with the time of its arrival in ms since the epoch. */
export interface Arrival {
  readonly bytes: Buffer;
  readonly sender: Sender;
  readonly time: number;
}

/** A flood that is faster than the decoder costs so much memory and delay, and no more. */
const MAX_DATAGRAMS = 16_384;
const MAX_BYTES = 8 * 1024 * 1024;
/** Places of datagrams that were taken out are given up once there are so many, as that costs what moving the others does. */
const MIN_COMPACTED = 1024;

/** Datagrams that wait to be decoded, first in, first out. */
export class DatagramQueue {
  #arrivals: (Arrival | undefined)[] = [];
  /** Where the first one is. */
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#arrivals.length - this.#head;
  }

  /** @returns whether there was room for it */
  push(arrival: Arrival): boolean {
    if (this.length >= MAX_DATAGRAMS || this.#bytes + arrival.bytes.length > MAX_BYTES) return false;
    this.#arrivals.push(arrival);
    this.#bytes += arrival.bytes.length;
    return true;
  }

  shift(): Arrival | undefined {
    const arrival = this.#arrivals[this.#head];
    if (arrival === undefined) return undefined;
    this.#arrivals[this.#head++] = undefined;
    this.#bytes -= arrival.bytes.length;
    if (this.#head === this.#arrivals.length) this.#clear();
    else if (this.#head >= MIN_COMPACTED && this.#head * 2 >= this.#arrivals.length) {
      this.#arrivals = this.#arrivals.slice(this.#head);
      this.#head = 0;
    }
    return arrival;
  }

  /** Empties it. @returns what was in it, first in, first out */
  takeAll(): Arrival[] {
    const all = this.#arrivals.slice(this.#head) as Arrival[];
    this.#clear();
    return all;
  }

  #clear(): void {
    this.#arrivals = [];
    this.#head = 0;
    this.#bytes = 0;
  }
}
