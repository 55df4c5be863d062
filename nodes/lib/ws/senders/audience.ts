import { type FilterTree, treeOf } from "../../mqtt/topic-filter";
import { groupKey, type Subscription } from "../hub/subscription";

interface Interest {
  readonly asked: FilterTree<true> | undefined;
  readonly granted: FilterTree<true> | undefined;
  clients: number;
}

/** How many clients want what, for those that no hub of this process knows. */
export class Audience {
  readonly #interests = new Map<string, Interest>();

  add(subscription: Subscription): void {
    const key = groupKey(subscription);
    const { filters, granted } = subscription;
    let interest = this.#interests.get(key);
    if (interest === undefined) {
      interest = {
        asked: filters.length === 0 ? undefined : treeOf(filters),
        granted: granted && treeOf(granted),
        clients: 0,
      };
      this.#interests.set(key, interest);
    }
    interest.clients++;
  }

  remove(subscription: Subscription): void {
    const key = groupKey(subscription);
    const interest = this.#interests.get(key);
    if (interest !== undefined && --interest.clients === 0) this.#interests.delete(key);
  }

  /** How many get the readings of a topic. Linear in the number of different subscriptions. */
  of(levels: readonly string[]): number {
    let clients = 0;
    for (const { asked, granted, clients: these } of this.#interests.values()) {
      if ((asked?.matches(levels) ?? true) && (granted?.matches(levels) ?? true)) clients += these;
    }
    return clients;
  }
}
