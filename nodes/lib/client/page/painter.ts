import type { Row } from "./row";
import type { Theme } from "./theme";

/** More often nobody can read it. */
const REPAINT_MS = 100;
/** Of a frame, so that scrolling and typing stay smooth however much comes in. */
const BUDGET_MS = 5;

/** Paints rows that have changed and can be seen, a few in each frame, in turns. */
export class Painter {
  readonly #now: () => number;
  readonly #dirty = new Set<Row>();
  #frame = 0;
  #isPaused = false;
  theme: Theme;

  /** @param now by the server's clock */
  constructor(theme: Theme, now: () => number) {
    this.theme = theme;
    this.#now = now;
  }

  set isPaused(isPaused: boolean) {
    this.#isPaused = isPaused;
    if (!isPaused) this.#schedule();
  }

  /** To be called when a row has changed, or can be seen. */
  note(row: Row): void {
    if (!row.isVisible) return;
    this.#dirty.add(row);
    this.#schedule();
  }

  forget(row: Row): void {
    this.#dirty.delete(row);
  }

  #schedule(): void {
    if (this.#frame !== 0 || this.#isPaused || this.#dirty.size === 0) return;
    this.#frame = requestAnimationFrame((time) => {
      this.#frame = 0;
      this.#paint(time);
      this.#schedule();
    });
  }

  #paint(time: number): void {
    const end = performance.now() + BUDGET_MS;
    const now = this.#now();
    for (const row of this.#dirty) {
      if (time - row.paintedAt < REPAINT_MS) continue;
      // It goes to the end of the line when it changes again.
      this.#dirty.delete(row);
      row.paintedAt = time;
      row.paint(now, this.theme);
      if (performance.now() > end) return;
    }
  }
}
