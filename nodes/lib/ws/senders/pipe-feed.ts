import type { LogFeed } from "./log-feed";

const NOTHING = Buffer.alloc(0);

interface WaitingOrder {
  /** Sequence number of the next reading when it was given: what was published before goes first. */
  readonly seq: number;
  readonly frame: Buffer;
}

/** What goes through a pipe next: readings of the log, and orders, each behind what was published before it was given. */
export class PipeFeed {
  readonly #log: LogFeed;
  readonly #head: () => number;
  #orders: WaitingOrder[] = [];
  #orderBytes = 0;

  /** @param head returns the sequence number of the next reading */
  constructor(log: LogFeed, head: () => number) {
    this.#log = log;
    this.#head = head;
  }

  /** The log has given up what was to be sent next. */
  get isLost(): boolean {
    return this.#log.isLost;
  }

  /** Nothing is left to be sent. */
  get isEmpty(): boolean {
    return this.#orders.length === 0 && this.#log.hasReached(this.#head());
  }

  /** Of the orders that wait. */
  get orderBytes(): number {
    return this.#orderBytes;
  }

  order(frame: Buffer): void {
    this.#orders.push({ seq: this.#head(), frame });
    this.#orderBytes += frame.length;
  }

  clear(): void {
    this.#orders = [];
    this.#orderBytes = 0;
  }

  /**
   * What comes next, some `maxBytes`, with all orders that fall between the readings: one at a time, those of a herd of clients
   * would hold up the readings behind them. Empty where nothing was found to send yet. Must not be lost.
   */
  next(maxBytes: number): Buffer {
    const parts: Buffer[] = [];
    let left = maxBytes;
    let end: number;
    do {
      end = this.#orders[0]?.seq ?? this.#head();
      const part = this.#log.hasReached(end) ? this.#ordersUpTo(end, left) : this.#log.next(end, left);
      parts.push(part);
      left -= part.length;
    } while (left > 0 && !this.isEmpty && this.#log.hasReached(end));
    const [first = NOTHING] = parts;
    return parts.length > 1 ? Buffer.concat(parts) : first;
  }

  #ordersUpTo(seq: number, maxBytes: number): Buffer {
    let count = 0;
    let bytes = 0;
    for (const { seq: at, frame } of this.#orders) {
      if (at > seq || bytes > maxBytes) break;
      count++;
      bytes += frame.length;
    }
    this.#orderBytes -= bytes;
    return Buffer.concat(this.#orders.splice(0, count).map(({ frame }) => frame));
  }
}
