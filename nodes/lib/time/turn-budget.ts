import { type Clock, systemClock } from "./clock";

/** Work that is done piece by piece. */
export interface PiecewiseWork {
  /** Does the next piece, some milliseconds of work at most. Must not throw. @returns whether more is left */
  step(): boolean;
}

export interface TurnBudgetOptions {
  readonly clock?: Clock;
  /** How long all work together may take in one turn of the event loop, but for the piece that is begun last. */
  readonly turnMs?: number;
}

const TURN_MS = 4;
/** What may be spent before the end of the turn is waited for: most turns do less, and need no immediate. */
const UNWATCHED_MS = 1;

/**
 * Time that everything which is given the same budget may take in one turn of the event loop. Work that fits is done at
 * once. The rest waits for the turns to come, in which those who have work left take turns, a piece each.
 */
export class TurnBudget {
  readonly #clock: Clock;
  readonly #turnMs: number;
  readonly #waiting = new Set<PiecewiseWork>();
  #spentMs = 0;
  #isSpending = false;
  #cancel: (() => void) | undefined;

  constructor({ clock = systemClock, turnMs = TURN_MS }: TurnBudgetOptions = {}) {
    this.#clock = clock;
    this.#turnMs = turnMs;
  }

  /** Does the work now as far as there is time, and what is left in the turns to come. */
  do(work: PiecewiseWork): void {
    const isIdle = this.#waiting.size === 0 && !this.#isSpending;
    this.#waiting.add(work);
    if (isIdle) this.#spend();
    if (this.#waiting.size > 0 || this.#spentMs >= UNWATCHED_MS) this.#awaitTurn();
  }

  /** Forgets work that is not to be done any more. */
  drop(work: PiecewiseWork): void {
    this.#waiting.delete(work);
    if (this.#waiting.size > 0 || this.#spentMs >= UNWATCHED_MS) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #awaitTurn(): void {
    this.#cancel ??= this.#clock.immediate(() => {
      this.#cancel = undefined;
      this.#spentMs = 0;
      this.#spend();
      if (this.#waiting.size > 0 || this.#spentMs >= UNWATCHED_MS) this.#awaitTurn();
    });
  }

  #spend(): void {
    this.#isSpending = true;
    let start = this.#clock.now();
    try {
      // Comes to what is added meanwhile, too: who has work left is added again, behind all others.
      for (const work of this.#waiting) {
        if (this.#spentMs >= this.#turnMs) return;
        this.#waiting.delete(work);
        if (work.step()) this.#waiting.add(work);
        const end = this.#clock.now();
        this.#spentMs += end - start;
        start = end;
      }
    } finally {
      this.#isSpending = false;
    }
  }
}
