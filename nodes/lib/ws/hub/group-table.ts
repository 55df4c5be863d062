import { FilterTree } from "../../mqtt/topic-filter";
import type { Topic } from "./log/topic";
import { groupKey, type Interest } from "./subscription";
import { SubscriptionGroup } from "./subscription-group";

/**
 * All groups of subscriptions, and which of them match a topic. Whether one group matches one topic is a question to that
 * group; only publishing and eviction need all groups of a topic, and ask here.
 */
export class GroupTable {
  readonly #groups = new Map<string, SubscriptionGroup>();
  /** Groups with filters, and those without. */
  readonly #filters = new FilterTree<SubscriptionGroup>();
  readonly #unfiltered = new Set<SubscriptionGroup>();
  /** What was looked up since groups last came or went. */
  #matching = new Map<Topic, readonly SubscriptionGroup[]>();

  all(): Iterable<SubscriptionGroup> {
    return this.#groups.values();
  }

  /** The group of those who want the same; a new one numbers the readings from `head` on. */
  groupOf(interest: Interest, head: number): SubscriptionGroup {
    const key = groupKey(interest);
    let group = this.#groups.get(key);
    if (group !== undefined) return group;
    group = new SubscriptionGroup(key, interest, head);
    this.#groups.set(key, group);
    for (const filter of group.filters) this.#filters.add(filter, group);
    if (group.filters.length === 0) this.#unfiltered.add(group);
    this.#matching = new Map();
    return group;
  }

  /** To be called for a group that has no clients any more. */
  remove(group: SubscriptionGroup): void {
    this.#groups.delete(group.key);
    for (const filter of group.filters) this.#filters.remove(filter, group);
    this.#unfiltered.delete(group);
    this.#matching = new Map();
  }

  /** The groups that get a topic's readings, each once. */
  matching(topic: Topic): readonly SubscriptionGroup[] {
    let groups = this.#matching.get(topic);
    if (groups === undefined) {
      groups = this.#lookUp(topic);
      if (!topic.removed) this.#matching.set(topic, groups);
    }
    return groups;
  }

  #lookUp(topic: Topic): SubscriptionGroup[] {
    const candidates = this.#filters.holdersOf(topic.name);
    for (const group of this.#unfiltered) candidates.add(group);
    return [...candidates].filter((group) => group.matches(topic));
  }
}
