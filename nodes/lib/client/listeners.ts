/** Who listens to what. `E`: the value that comes with each event. */
export class Listeners<E> {
  readonly #listeners = new Map<keyof E, Set<(value: never) => void>>();

  /** @returns stops the listening */
  add<K extends keyof E>(event: K, listener: (value: E[K]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    // A listener of its own each time, so that one that is added twice can be removed once.
    const added = (value: E[K]): void => listener(value);
    listeners.add(added);
    return () => listeners.delete(added);
  }

  has(event: keyof E): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0;
  }

  emit<K extends keyof E>(event: K, value: E[K]): void {
    for (const listener of this.#listeners.get(event) ?? []) (listener as (value: E[K]) => void)(value);
  }
}
