import { MAX_READINGS } from "../../reading/limits";
import type { ConflationMode } from "./conflation-mode";
import type { NumberRange } from "./number-range";
import { type OfRange, Spread } from "./spread";

/** One reading, as far as it matters here. */
export interface Reading {
  readonly topic: string;
  readonly payload: unknown;
  readonly time: number;
}

/** What several readings of one topic become. */
export interface Combined {
  readonly payload: unknown;
  /** Of each reading, if all are in the payload. */
  readonly times?: readonly number[];
}

/** What a reading costs to hold. */
export interface Cost {
  /** Bytes of its datagram, all of which may be held as long as the reading is. */
  readonly heldBytes: number;
  /** Bytes of the datagram that are its share. */
  readonly ownBytes: number;
}

/** Readings of one topic on their way to being one. */
export interface Combination {
  /** Bytes that are held because of them, about. */
  readonly bytes: number;
  /** Whether their message is as large as one may be, for whoever gets it does so in one turn of the event loop. */
  readonly isFull: boolean;
  add(reading: Reading, cost: Cost): void;
  /** Of one reading at least. */
  combined(): Combined;
}

/** Of all readings in one message. */
const MAX_OWN_BYTES = 1024 * 1024;

const COMBINATIONS: Readonly<Record<ConflationMode, () => Combination>> = {
  newest: () => new Newest(),
  mean: () => new Ranges(({ mean }: NumberRange) => mean),
  minmax: () => new Ranges(({ min, max }: NumberRange) => ({ min, max })),
  all: () => new All(),
};

export function createCombination(mode: ConflationMode): Combination {
  return COMBINATIONS[mode]();
}

class Newest implements Combination {
  readonly isFull = false;
  bytes = 0;
  #payload: unknown;

  add({ payload }: Reading, { heldBytes }: Cost): void {
    this.#payload = payload;
    this.bytes = heldBytes;
  }

  combined(): Combined {
    return { payload: this.#payload };
  }
}

/** The newest reading, with something else for each of its numbers. */
class Ranges implements Combination {
  readonly #spread = new Spread();
  readonly #ofRange: OfRange;
  #newest: unknown;
  #newestBytes = 0;

  constructor(ofRange: OfRange) {
    this.#ofRange = ofRange;
  }

  get bytes(): number {
    return this.#spread.bytes + this.#newestBytes;
  }

  get isFull(): boolean {
    return this.#spread.isFull;
  }

  add({ payload }: Reading, { heldBytes }: Cost): void {
    this.#spread.add(payload);
    this.#newest = payload;
    this.#newestBytes = heldBytes;
  }

  combined(): Combined {
    return { payload: this.#spread.result(this.#newest, this.#ofRange) };
  }
}

class All implements Combination {
  bytes = 0;
  #ownBytes = 0;
  readonly #payloads: unknown[] = [];
  readonly #times: number[] = [];

  get isFull(): boolean {
    return this.#payloads.length >= MAX_READINGS || this.#ownBytes >= MAX_OWN_BYTES;
  }

  add({ payload, time }: Reading, { heldBytes, ownBytes }: Cost): void {
    this.#payloads.push(payload);
    this.#times.push(time);
    this.bytes += heldBytes;
    this.#ownBytes += ownBytes;
  }

  combined(): Combined {
    return { payload: this.#payloads, times: this.#times };
  }
}
