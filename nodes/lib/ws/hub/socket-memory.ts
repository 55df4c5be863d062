import type { Outbox } from "./outbox";

interface Held {
  /** Shared with whoever else waits for the same frames. */
  readonly shared: Buffer[];
  /** Of copies that the socket has made for itself. */
  ownBytes: number;
}

/**
 * The memory that writes take up outside of the log while sockets do not take them: frames that several clients wait for
 * count once. Who has been waiting for longest is the first to give way.
 */
export class SocketMemory {
  readonly #maxBytes: number;
  readonly #waiting = new Map<Outbox, Held>();
  readonly #holders = new Map<Buffer, number>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** More than half is taken: from now on less should be written at once. */
  get isScarce(): boolean {
    return this.#bytes > this.#maxBytes / 2;
  }

  /** Who has to give way; `undefined`: no more is taken than may be, or by one alone. */
  get overdrawn(): Outbox | undefined {
    if (this.#bytes <= this.#maxBytes || this.#waiting.size < 2) return undefined;
    for (const outbox of this.#waiting.keys()) return outbox;
    return undefined;
  }

  /** An outbox has written frames that its socket did not take at once. */
  hold(outbox: Outbox, frames: Buffer): void {
    let held = this.#waiting.get(outbox);
    if (held === undefined) {
      held = { shared: [], ownBytes: 0 };
      this.#waiting.set(outbox, held);
    }
    if (outbox.sink.copies) {
      held.ownBytes += frames.length;
      this.#bytes += frames.length;
      return;
    }
    held.shared.push(frames);
    const holders = this.#holders.get(frames) ?? 0;
    this.#holders.set(frames, holders + 1);
    if (holders === 0) this.#bytes += frames.length;
  }

  /** The socket of an outbox has taken everything, or is gone. */
  release(outbox: Outbox): void {
    const held = this.#waiting.get(outbox);
    if (held === undefined) return;
    this.#waiting.delete(outbox);
    this.#bytes -= held.ownBytes;
    for (const frames of held.shared) {
      const holders = this.#holders.get(frames) as number;
      if (holders > 1) {
        this.#holders.set(frames, holders - 1);
      } else {
        this.#holders.delete(frames);
        this.#bytes -= frames.length;
      }
    }
  }
}
