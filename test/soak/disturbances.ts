import type { Random } from "./random";

const KINDS = ["deploy full", "deploy flows", "deploy nodes", "block", "flood", "bombs"] as const;
export type Disturbance = (typeof KINDS)[number];

/** What disturbs Node-RED next: at random, but each kind comes once before any comes again. */
export class Disturbances {
  readonly done = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Disturbance, number>;
  readonly #random: Random;
  #toCome: readonly Disturbance[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  next(): Disturbance {
    if (this.#toCome.length === 0) this.#toCome = KINDS;
    const kind = this.#random.pick(this.#toCome);
    this.#toCome = this.#toCome.filter((other) => other !== kind);
    this.done[kind]++;
    return kind;
  }
}
