import type { Clock } from "../../../time/clock";
import type { Chunk, CompressedChunk } from "../frames/chunk";
import type { HubClient } from "../hub-client";
import type { SubscriptionGroup } from "../subscription-group";
import { createDeflater } from "./deflater";
import { SharedStream } from "./shared-stream";

/** A stream takes some 100 KB, nearly all of it zlib's. */
const MAX_STREAMS = 64;
/** What is longer takes milliseconds in one go. It is one reading, mostly, and often of a kind that is compressed already. */
const MAX_CHUNK_BYTES = 128 * 1024;
/** Of readings, for all groups together: compressing these takes about a third of the time. */
const MAX_BYTES_PER_SECOND = 8 * 1024 * 1024;

/**
 * The compressed streams of a hub. What a group's clients get is compressed once; who cannot be sent that gets it as it is, which
 * RFC 7692 allows at any time, and which is also what happens when it would take too much memory or time.
 */
export class Compression {
  readonly #clock: Clock;
  /** `undefined`: it has failed. */
  readonly #streams = new Map<SubscriptionGroup, SharedStream | undefined>();
  #bytes = 0;
  #second = 0;
  #bytesInSecond = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Of readings, compressed so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many groups have a stream. */
  get streams(): number {
    return this.#streams.size;
  }

  /**
   * What a client can be sent instead of a chunk; `undefined`: the chunk itself. Whoever sends it sets the client's `inflated`.
   * @param from sequence number at which the chunk begins
   * @throws if zlib fails, once for each group
   */
  compressed(client: HubClient, chunk: Chunk, from: number): CompressedChunk | undefined {
    if (!client.sink.inflates || chunk.readings === 0 || chunk.frames.length > MAX_CHUNK_BYTES) return undefined;
    const stream = this.#streamOf(client.group);
    if (stream === undefined) return undefined;
    if (chunk.compressed !== undefined) return stream.fits(chunk, client) ? chunk.compressed : undefined;
    if (!stream.wants(client, from) || !this.#hasTimeFor(chunk.frames.length)) return undefined;
    chunk.compressed = this.#compress(client.group, stream, chunk);
    return chunk.compressed;
  }

  /** A group has no clients any more. */
  release(group: SubscriptionGroup): void {
    this.#streams.get(group)?.close();
    this.#streams.delete(group);
  }

  #streamOf(group: SubscriptionGroup): SharedStream | undefined {
    const stream = this.#streams.get(group);
    if (stream !== undefined || this.#streams.size >= MAX_STREAMS || this.#streams.has(group)) return stream;
    const begun = new SharedStream(createDeflater());
    this.#streams.set(group, begun);
    return begun;
  }

  #hasTimeFor(bytes: number): boolean {
    const second = Math.floor(this.#clock.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#bytesInSecond = 0;
    }
    return this.#bytesInSecond + bytes <= MAX_BYTES_PER_SECOND;
  }

  /** After an error nobody knows what the stream has taken in: the group does without from then on. */
  #compress(group: SubscriptionGroup, stream: SharedStream, chunk: Chunk): CompressedChunk {
    this.#bytes += chunk.frames.length;
    this.#bytesInSecond += chunk.frames.length;
    try {
      return stream.compress(chunk);
    } catch (error) {
      this.#streams.set(group, undefined);
      stream.close();
      throw error;
    }
  }
}
