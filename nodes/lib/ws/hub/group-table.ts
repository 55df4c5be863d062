import { GrantTable } from "./grant-table";
import type { Topic } from "./log/topic";
import type { LogMatches } from "./log-matches";
import { groupKey, type Interest } from "./subscription";
import { SubscriptionGroup } from "./subscription-group";

/** Of all remembered matches of all topics together: some 8 MB. */
const MAX_REMEMBERED = 1_000_000;

/**
 * All groups of subscriptions, and which of them match a topic. Whether one group matches one topic is a question to that
 * group; only publishing and eviction need all groups of a topic, and ask here. What is remembered is bounded by
 * `maxRemembered`, whatever the number of topics times that of groups.
 */
export class GroupTable {
  readonly #maxRemembered: number;
  readonly #groups = new Map<string, SubscriptionGroup>();
  readonly #grants = new GrantTable();
  /** What was looked up since groups last came or went. */
  #matching = new Map<Topic, readonly SubscriptionGroup[]>();
  #remembered = 0;
  #lookUps = 0;

  constructor(maxRemembered = MAX_REMEMBERED) {
    this.#maxRemembered = maxRemembered;
  }

  all(): Iterable<SubscriptionGroup> {
    return this.#groups.values();
  }

  /** Matches that are remembered at the moment. */
  get remembered(): number {
    return this.#remembered;
  }

  /** How often the groups of a topic had to be looked up so far. */
  get lookUps(): number {
    return this.#lookUps;
  }

  /** The group of those who want the same. Costs by its own filters. */
  groupOf({ filters, granted, envelope, batch = false }: Interest, matches: LogMatches): SubscriptionGroup {
    const key = groupKey({ filters, granted, envelope, batch });
    let group = this.#groups.get(key);
    if (group !== undefined) return group;
    const grant = this.#grants.grantOf(granted);
    group = new SubscriptionGroup({ key, filters, grant, form: { envelope, batch }, matches });
    grant.add(group);
    this.#groups.set(key, group);
    this.#forget();
    return group;
  }

  /** To be called for a group that has no clients any more. Costs by its own filters. */
  remove(group: SubscriptionGroup): void {
    this.#groups.delete(group.key);
    group.grant.remove(group);
    this.#grants.release(group.grant);
    this.#forget();
  }

  /** The groups that get a topic's readings, each once. */
  matching(topic: Topic): readonly SubscriptionGroup[] {
    return this.#matching.get(topic) ?? this.#lookUp(topic);
  }

  /** A topic is no more. */
  forget(topic: Topic): void {
    const groups = this.#matching.get(topic);
    if (groups === undefined) return;
    this.#matching.delete(topic);
    this.#remembered -= 1 + groups.length;
  }

  #lookUp(topic: Topic): readonly SubscriptionGroup[] {
    this.#lookUps++;
    const groups = [...this.#grants.groupsOf(topic.levels)];
    if (topic.removed) return groups;
    if (this.#remembered + 1 + groups.length > this.#maxRemembered) this.#forget();
    this.#matching.set(topic, groups);
    this.#remembered += 1 + groups.length;
    return groups;
  }

  #forget(): void {
    if (this.#remembered === 0) return;
    this.#matching = new Map();
    this.#remembered = 0;
  }
}
