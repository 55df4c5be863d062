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

/** Readings of one topic on their way to being one. */
export interface Combination {
  /** Bytes that are held because of them, about. */
  readonly bytes: number;
  /** Whether there is room for another one. */
  readonly isFull: boolean;
  /** @param bytes of the datagram, all of which may be held as long as the reading is */
  add(reading: Reading, bytes: number): void;
  /** Of one reading at least. */
  combined(): Combined;
}

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

  add({ payload }: Reading, bytes: number): void {
    this.#payload = payload;
    this.bytes = bytes;
  }

  combined(): Combined {
    return { payload: this.#payload };
  }
}

/** The newest reading, with something else for each of its numbers. */
class Ranges implements Combination {
  readonly isFull = false;
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

  add({ payload }: Reading, bytes: number): void {
    this.#spread.add(payload);
    this.#newest = payload;
    this.#newestBytes = bytes;
  }

  combined(): Combined {
    return { payload: this.#spread.result(this.#newest, this.#ofRange) };
  }
}

class All implements Combination {
  bytes = 0;
  readonly #payloads: unknown[] = [];
  readonly #times: number[] = [];

  get isFull(): boolean {
    return this.#payloads.length >= MAX_READINGS;
  }

  add({ payload, time }: Reading, bytes: number): void {
    this.#payloads.push(payload);
    this.#times.push(time);
    this.bytes += bytes;
  }

  combined(): Combined {
    return { payload: this.#payloads, times: this.#times };
  }
}
