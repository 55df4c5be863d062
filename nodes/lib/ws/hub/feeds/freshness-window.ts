import type { Clock } from "../../../time/clock";
import type { MarkedFrames } from "../frames/chunk";
import { frame, OPCODE } from "../frames/frames";

const INITIAL_BYTES = 16 * 1024;
const MIN_BYTES = 2 * 1024;
const MAX_BYTES = 256 * 1024;
/** A pong that took longer than this share of `maxAge` shrinks the window, one below the other lets it grow. */
const SHRINK_ABOVE = 1 / 2;
const GROW_BELOW = 1 / 4;
const GROWTH = 1.1;
/** A client that keeps up is sent a mark after so much of its window, or of the allowed age, whichever is first. */
const UNMARKED_SHARE = 1 / 8;
const UNMARKED_AGE = 1 / 10;
const MARK_BYTES = 8;
/** Tells our marks from other pings. */
const MARK_TAG = 0x5343;

interface Written {
  readonly mark: number;
  readonly bytes: number;
  readonly at: number;
}

/**
 * How many bytes may be on their way to a client that is to see fresh readings. A kernel's send buffer can hide
 * megabytes, so writes end with a ping that carries a mark: the delay of its pong is the age of what the client
 * has just read. The window follows that delay.
 */
export class FreshnessWindow {
  #bytes = INITIAL_BYTES;
  /** Oldest first; its length is bounded by the window. */
  #inFlight: Written[] = [];
  #inFlightBytes = 0;
  /** Written since the last mark. */
  #unmarkedBytes = 0;
  #markedAt = Number.NEGATIVE_INFINITY;
  #newestMark: number | undefined;
  /** The window shrinks at most once per window: not again for marks up to this one. */
  #shrunkAt = 0;

  readonly #maxAgeMs: number;
  readonly #clock: Clock;

  /** @param maxAgeMs bound on the age of what the client reads */
  constructor(maxAgeMs: number, clock: Clock) {
    this.#maxAgeMs = maxAgeMs;
    this.#clock = clock;
  }

  get size(): number {
    return this.#bytes;
  }

  /** The mark that was sent last, if any was. */
  get newestMark(): number | undefined {
    return this.#newestMark;
  }

  /** Bytes that may be written now. */
  get room(): number {
    return this.#bytes - this.#inFlightBytes - this.#unmarkedBytes;
  }

  /** No mark is on its way: anything may be written with one, even a reading larger than the window. */
  get isEmpty(): boolean {
    return this.#inFlight.length === 0;
  }

  /** Whether a write of so many bytes should end with a mark. */
  wantsMark(bytes: number): boolean {
    return (
      this.#unmarkedBytes + bytes >= this.#bytes * UNMARKED_SHARE ||
      this.#clock.now() - this.#markedAt >= this.#maxAgeMs * UNMARKED_AGE
    );
  }

  wroteUnmarked(bytes: number): void {
    this.#unmarkedBytes += bytes;
  }

  /** Notes a write that ends with the mark. */
  wrote(bytes: number, mark: number): void {
    this.#markedAt = this.#clock.now();
    this.#newestMark = mark;
    this.#inFlight.push({ mark, bytes: bytes + this.#unmarkedBytes, at: this.#markedAt });
    this.#inFlightBytes += bytes + this.#unmarkedBytes;
    this.#unmarkedBytes = 0;
  }

  /** @returns whether the pong made room */
  pong(data: Buffer): boolean {
    const mark = readMark(data);
    if (mark === undefined) return false;
    const index = this.#inFlight.findIndex((written) => written.mark === mark);
    const read = this.#inFlight[index];
    if (read === undefined) return false;
    const wasLimiting = this.#inFlightBytes >= this.#bytes / 2;
    for (const { bytes } of this.#inFlight.splice(0, index + 1)) this.#inFlightBytes -= bytes;
    this.#steer(this.#clock.now() - read.at, mark, wasLimiting);
    return true;
  }

  #steer(delayMs: number, mark: number, wasLimiting: boolean): void {
    const shrinkAboveMs = this.#maxAgeMs * SHRINK_ABOVE;
    if (delayMs > shrinkAboveMs) {
      if (mark <= this.#shrunkAt) return;
      this.#bytes = Math.max(MIN_BYTES, this.#bytes * (shrinkAboveMs / delayMs));
      this.#shrunkAt = this.#inFlight.at(-1)?.mark ?? mark;
    } else if (delayMs < this.#maxAgeMs * GROW_BELOW && wasLimiting) {
      this.#bytes = Math.min(MAX_BYTES, this.#bytes * GROWTH);
    }
  }
}

/** A ping frame that carries a mark. @param mark grows from write to write, below 2^48 */
export function markPing(mark: number): Buffer {
  const data = Buffer.allocUnsafe(MARK_BYTES);
  data.writeUInt16BE(MARK_TAG, 0);
  data.writeUIntBE(mark, 2, 6);
  return frame(OPCODE.ping, data);
}

/** @param frames end with the mark from now on */
export function marked(frames: Buffer, mark: number): MarkedFrames {
  return { frames: Buffer.concat([frames, markPing(mark)]), mark };
}

function readMark(data: Buffer): number | undefined {
  return data.length === MARK_BYTES && data.readUInt16BE(0) === MARK_TAG ? data.readUIntBE(2, 6) : undefined;
}
