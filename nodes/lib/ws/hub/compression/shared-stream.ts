import type { Chunk, CompressedChunk } from "../frames/chunk";
import type { HubClient } from "../hub-client";
import { compressedFrames } from "./compressed-frames";
import type { Deflater } from "./deflater";

/** An entry point makes the messages behind it longer, so there is one at most each so many bytes of readings. */
const ENTRY_INTERVAL_BYTES = 16 * 1024;

/**
 * The one compressed stream of a subscription group. Its chunks are numbered from 1, and a client can be sent one if it was sent the one
 * before: then its decompressor has seen all that this one refers to. Whatever it is sent uncompressed in between has no
 * effect on that. Nothing but an entry point, which refers to nothing before it, takes in who is not in step.
 */
export class SharedStream {
  readonly #deflater: Deflater;
  /** Number of the newest chunk. */
  #newest = 0;
  /** Sequence number in the log up to which, exclusively, it reaches. */
  #next = Number.NEGATIVE_INFINITY;
  #bytesSinceEntry = Number.POSITIVE_INFINITY;
  /** Somebody who is as far as the others would like to be in step. */
  #isEntryWanted = false;

  constructor(deflater: Deflater) {
    this.#deflater = deflater;
  }

  /** Whether a client can be sent what a chunk has been compressed to. */
  fits({ compressed }: Chunk, client: HubClient): boolean {
    if (compressed === undefined) return false;
    if (compressed.isEntry || client.inflated === compressed.number - 1) return true;
    this.#isEntryWanted = true;
    return false;
  }

  /**
   * Whether a chunk that has not been compressed is to be, as the next of the stream, for a client that is about to get it. One
   * that lags behind must not put all others out of step.
   * @param from sequence number at which the chunk begins
   */
  wants(client: HubClient, from: number): boolean {
    if (client.inflated === this.#newest) return true;
    if (from < this.#next) return false;
    this.#isEntryWanted = true;
    return this.#entryIsDue;
  }

  /** @throws if zlib fails: then the stream is of no use any more */
  compress({ frames, next }: Chunk): CompressedChunk {
    const isEntry = this.#entryIsDue;
    if (isEntry) {
      this.#deflater.reset();
      this.#bytesSinceEntry = 0;
      this.#isEntryWanted = false;
    }
    const compressed = compressedFrames(frames, this.#deflater);
    this.#bytesSinceEntry += frames.length;
    this.#next = Math.max(this.#next, next);
    return { frames: compressed, number: ++this.#newest, isEntry, marked: undefined };
  }

  close(): void {
    this.#deflater.close();
  }

  get #entryIsDue(): boolean {
    return this.#isEntryWanted && this.#bytesSinceEntry >= ENTRY_INTERVAL_BYTES;
  }
}
