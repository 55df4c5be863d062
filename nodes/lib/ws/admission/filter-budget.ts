import { groupKey, type Subscription } from "../hub/subscription";

/** Clients with the same filters share them; so many different sets may be in use at once. */
const MAX_FILTER_SETS = 10_000;
/** Of all sets together: each takes some 250 bytes in the trees that topics are looked up in. */
const MAX_FILTER_LEVELS = 100_000;

interface FilterSet {
  clients: number;
  readonly levels: number;
}

/** Bounds the memory, and the time for each reading, that all clients' topic filters together may take. */
export class FilterBudget {
  readonly #sets = new Map<string, FilterSet>();
  readonly #maxSets: number;
  readonly #maxLevels: number;
  #levels = 0;

  constructor(maxSets = MAX_FILTER_SETS, maxLevels = MAX_FILTER_LEVELS) {
    this.#maxSets = maxSets;
    this.#maxLevels = maxLevels;
  }

  /** Whether one more client with these filters is within bounds. */
  hasRoomFor(subscription: Subscription): boolean {
    if (this.#sets.has(groupKey(subscription))) return true;
    return this.#sets.size < this.#maxSets && this.#levels + levelsOf(subscription) <= this.#maxLevels;
  }

  add(subscription: Subscription): void {
    const key = groupKey(subscription);
    const known = this.#sets.get(key);
    if (known !== undefined) {
      known.clients++;
      return;
    }
    const levels = levelsOf(subscription);
    this.#sets.set(key, { clients: 1, levels });
    this.#levels += levels;
  }

  remove(subscription: Subscription): void {
    const key = groupKey(subscription);
    const set = this.#sets.get(key);
    if (set === undefined || --set.clients > 0) return;
    this.#sets.delete(key);
    this.#levels -= set.levels;
  }
}

function levelsOf({ filters, granted = [] }: Subscription): number {
  let levels = 0;
  for (const filter of [...filters, ...granted]) levels += filter.split("/").length;
  return levels;
}
