import type { Row } from "./row";
import type { Theme } from "./theme";

/** How often a row is painted: more often nobody can read it, more seldom it looks dead. In between, as frames allow. */
const REPAINT_MS = { least: 200, most: 1000 };
/** Frames that take longer are too many rows in each, and those that take less leave room for more. */
const FRAME_MS = { slow: 26, fast: 20 };
const FRAME_SMOOTHING = 0.15;
/** Between two animations there is no frame to measure. */
const NO_FRAME_MS = 250;
/** Of a frame, so that scrolling and typing stay smooth however much comes in. */
const BUDGET_MS = 5;

/** Paints rows that have changed and can be seen, a few in each frame, in turns. */
export class Painter {
  readonly #now: () => number;
  readonly #dirty = new Set<Row>();
  #frame = 0;
  #frameAt = 0;
  #frameMs = FRAME_MS.fast;
  #repaintMs = REPAINT_MS.least;
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
      this.#keepPace(time);
      this.#paint(time);
      this.#schedule();
    });
  }

  /** What is painted has to be shown, too: a machine that is slow at that is given less. */
  #keepPace(time: number): void {
    const frameMs = time - this.#frameAt;
    this.#frameAt = time;
    if (frameMs > NO_FRAME_MS) return;
    this.#frameMs += (frameMs - this.#frameMs) * FRAME_SMOOTHING;
    const factor = this.#frameMs > FRAME_MS.slow ? 1.05 : this.#frameMs < FRAME_MS.fast ? 0.98 : 1;
    this.#repaintMs = Math.min(REPAINT_MS.most, Math.max(REPAINT_MS.least, this.#repaintMs * factor));
  }

  #paint(time: number): void {
    const end = performance.now() + BUDGET_MS;
    const now = this.#now();
    for (const row of this.#dirty) {
      if (time - row.paintedAt < this.#repaintMs) continue;
      // It goes to the end of the line when it changes again.
      this.#dirty.delete(row);
      row.paintedAt = time;
      row.paint(now, this.theme);
      if (performance.now() > end) return;
    }
  }
}
