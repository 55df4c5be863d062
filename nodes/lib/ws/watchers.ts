import type { ServerEvent, Watcher } from "./server-events";

/** Whoever wants to know what happens at a server. An error of one of them concerns none of the others. */
export class Watchers {
  readonly #watchers = new Set<Watcher>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** @returns stops the watching */
  add(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  tell(event: ServerEvent): void {
    for (const watcher of this.#watchers) {
      try {
        watcher(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
