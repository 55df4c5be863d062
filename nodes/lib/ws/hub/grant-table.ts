import { FilterTree, treeOf } from "../../mqtt/topic-filter";
import { grantKey } from "./subscription";
import type { SubscriptionGroup } from "./subscription-group";

/** The topics that tokens grant, shared by all groups with the same grant, and what those groups ask of them. */
export class SharedGrant {
  /** `undefined`: every topic. */
  readonly filters: readonly string[] | undefined;
  readonly #permitted: FilterTree<true> | undefined;
  /** Groups with filters of their own, and those without. */
  readonly #filtered = new FilterTree<SubscriptionGroup>();
  readonly #unfiltered = new Set<SubscriptionGroup>();
  #groups = 0;

  constructor(filters: readonly string[] | undefined) {
    this.filters = filters;
    this.#permitted = filters && treeOf(filters);
  }

  get isUnused(): boolean {
    return this.#groups === 0;
  }

  /** @param levels of a topic */
  permits(levels: readonly string[]): boolean {
    return this.#permitted === undefined || this.#permitted.matches(levels);
  }

  /** Costs by the group's own filters. */
  add(group: SubscriptionGroup): void {
    this.#groups++;
    for (const filter of group.filters) this.#filtered.add(filter, group);
    if (group.filters.length === 0) this.#unfiltered.add(group);
  }

  /** Costs by the group's own filters. */
  remove(group: SubscriptionGroup): void {
    this.#groups--;
    for (const filter of group.filters) this.#filtered.remove(filter, group);
    this.#unfiltered.delete(group);
  }

  /** Adds the groups that ask for a topic, which must be granted. */
  collect(levels: readonly string[], found: Set<SubscriptionGroup>): void {
    this.#filtered.collect(levels, found);
    for (const group of this.#unfiltered) found.add(group);
  }
}

/** All grants in use, each once however many groups have it. Grants that do not cover a topic cost nothing to look it up. */
export class GrantTable {
  readonly #everything = new SharedGrant(undefined);
  readonly #byKey = new Map<string, SharedGrant>();
  readonly #index = new FilterTree<SharedGrant>();

  /** @param granted `undefined`: everything */
  grantOf(granted: readonly string[] | undefined): SharedGrant {
    if (granted === undefined) return this.#everything;
    const key = grantKey(granted);
    let grant = this.#byKey.get(key);
    if (grant === undefined) {
      grant = new SharedGrant(granted);
      this.#byKey.set(key, grant);
      for (const filter of granted) this.#index.add(filter, grant);
    }
    return grant;
  }

  /** Lets go of a grant that no group has any more. */
  release(grant: SharedGrant): void {
    if (!grant.isUnused || grant.filters === undefined) return;
    this.#byKey.delete(grantKey(grant.filters));
    for (const filter of grant.filters) this.#index.remove(filter, grant);
  }

  /** The groups that get a topic's readings, each once. @param levels of the topic */
  groupsOf(levels: readonly string[]): Set<SubscriptionGroup> {
    const found = new Set<SubscriptionGroup>();
    this.#everything.collect(levels, found);
    const grants = new Set<SharedGrant>();
    this.#index.collect(levels, grants);
    for (const grant of grants) grant.collect(levels, found);
    return found;
  }
}
