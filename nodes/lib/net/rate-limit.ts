import { type Clock, systemClock } from "../time/clock";

const MAX_KEYS = 10_000;
/** How long a key may have to make up for what it was charged. */
const MAX_DEBT_MS = 60_000;
/** Buckets in debt that one newcomer moves: constant time, and more than newcomers can fall into debt meanwhile. */
const MAX_MOVES = 4;
/** Part of a token by which one may be taken early, so that rounding never costs the last of a burst. No net effect. */
const ROUNDING = 0.001;

export interface RateLimitOptions {
  /** Tokens per second that each key gets. */
  readonly rate: number;
  /** Tokens that a key may save up; default: those of one second, at least one. */
  readonly burst?: number;
  readonly maxKeys?: number;
  readonly clock?: Clock;
}

interface Bucket {
  readonly key: string;
  /** When it will have refilled, in ms of the clock; that alone says how many tokens it has now. */
  fullAt: number;
  older: Bucket | undefined;
  newer: Bucket | undefined;
}

/**
 * One token bucket per key, in a table of bounded size. A bucket that has refilled is like a new one, so forgetting it
 * gives nobody anything; no other bucket is ever forgotten. Hence a flood of spoofed keys cannot buy a fresh bucket for a
 * drained one. While the table is full of buckets still refilling, keys it does not know share a single bucket: under
 * such a flood a newcomer may be refused, but who is known keeps what is theirs. That lasts at most until the key that
 * took longest ago has refilled. Constant time; allocates for new keys only.
 *
 * Source of the arithmetic: the generic cell rate algorithm, ITU-T I.371.
 */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();
  readonly #shared: Bucket = newBucket("");
  /** By when a token was last taken. */
  #oldest: Bucket | undefined;
  #newest: Bucket | undefined;
  /** Time in which a bucket gains one token. */
  readonly #tokenMs: number;
  /** A bucket that needs longer than this to refill has no token left. */
  readonly #maxRefillMs: number;
  readonly #maxKeys: number;
  readonly #clock: Clock;

  constructor({ rate, burst = Math.max(1, rate), maxKeys = MAX_KEYS, clock = systemClock }: RateLimitOptions) {
    this.#tokenMs = 1000 / rate;
    this.#maxRefillMs = (burst - 1 + ROUNDING) * this.#tokenMs;
    this.#maxKeys = maxKeys;
    this.#clock = clock;
  }

  /** Keys in the table. */
  get size(): number {
    return this.#buckets.size;
  }

  /** @returns whether the key had a token left */
  take(key: string): boolean {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? this.#bucketFor(key, now);
    const fullAt = Math.max(bucket.fullAt, now);
    if (fullAt - now > this.#maxRefillMs) return false;
    bucket.fullAt = fullAt + this.#tokenMs;
    if (bucket !== this.#newest && bucket !== this.#shared) {
      this.#unlink(bucket);
      this.#append(bucket);
    }
    return true;
  }

  /**
   * Takes tokens that a key which just took one may not have: it has none again until it has made up for them, for at most
   * `MAX_DEBT_MS`.
   */
  charge(key: string, tokens: number): void {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? this.#shared;
    const most = now + this.#maxRefillMs + MAX_DEBT_MS;
    bucket.fullAt = Math.min(Math.max(bucket.fullAt, now) + tokens * this.#tokenMs, Math.max(most, bucket.fullAt));
  }

  #bucketFor(key: string, now: number): Bucket {
    if (this.#buckets.size >= this.#maxKeys) {
      const oldest = this.#oldestWithoutDebt(now);
      if (oldest === undefined || oldest.fullAt > now) return this.#shared;
      this.#unlink(oldest);
      this.#buckets.delete(oldest.key);
    }
    const bucket = newBucket(key);
    this.#buckets.set(key, bucket);
    this.#append(bucket);
    return bucket;
  }

  /** Moves some that are in debt out of the way of those that took later, and have refilled already. */
  #oldestWithoutDebt(now: number): Bucket | undefined {
    for (let moves = 0; moves < MAX_MOVES; moves++) {
      const oldest = this.#oldest;
      if (oldest === undefined || oldest === this.#newest) break;
      if (oldest.fullAt - now <= this.#maxRefillMs + this.#tokenMs) break;
      this.#unlink(oldest);
      this.#append(oldest);
    }
    return this.#oldest;
  }

  #append(bucket: Bucket): void {
    bucket.older = this.#newest;
    bucket.newer = undefined;
    if (this.#newest === undefined) this.#oldest = bucket;
    else this.#newest.newer = bucket;
    this.#newest = bucket;
  }

  #unlink({ older, newer }: Bucket): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}

function newBucket(key: string): Bucket {
  return { key, fullAt: Number.NEGATIVE_INFINITY, older: undefined, newer: undefined };
}
