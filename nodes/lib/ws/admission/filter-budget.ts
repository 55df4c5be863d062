import { levelCount } from "../../mqtt/topic-filter";
import { groupKey, type Subscription } from "../hub/subscription";

/** Each level takes some 250 bytes in the trees that topics are looked up in. */
const LEVELS = 100_000;
const LEVELS_PER_OWNER = 25_000;
/** There are at most 1000 tokens, so that this is a bound, too. */
const RESERVED_LEVELS = 200;

/** Whose filters they are: a token, or the address of a client that needs none. */
export interface FilterOwner {
  readonly key: string;
  /** Somebody gave it a token; addresses can be had without limit. */
  readonly isTrusted: boolean;
}

export interface FilterBudgetOptions {
  /** Of all filters together. */
  readonly levels?: number;
  readonly levelsPerOwner?: number;
  /** What each trusted owner can have whatever the others have. */
  readonly reservedLevels?: number;
}

/** Of one owner. Clients with the same filters share them. */
interface Account {
  readonly clients: Map<string, number>;
  levels: number;
}

/**
 * Bounds the memory, and the time for each reading, that clients' topic filters may take: in all, and so that nobody uses up
 * what others need. Counts the filters that clients ask for, by their levels. What tokens grant costs nothing.
 */
export class FilterBudget {
  readonly #accounts = new Map<string, Account>();
  readonly #limits: Required<FilterBudgetOptions>;
  #levels = 0;

  constructor(options: FilterBudgetOptions = {}) {
    const { levels = LEVELS, levelsPerOwner = LEVELS_PER_OWNER, reservedLevels = RESERVED_LEVELS } = options;
    this.#limits = { levels, levelsPerOwner, reservedLevels };
  }

  /** Whose budget one more client would exceed: its owner's, or that of all; `undefined` when there is room for it. */
  excess({ key, isTrusted }: FilterOwner, subscription: Subscription): "owner" | "all" | undefined {
    const account = this.#accounts.get(key);
    const needed = account?.clients.has(groupKey(subscription)) ? 0 : levelsOf(subscription);
    if (needed === 0) return undefined;
    const owned = (account?.levels ?? 0) + needed;
    const { levels, levelsPerOwner, reservedLevels } = this.#limits;
    if (owned > levelsPerOwner) return "owner";
    if (this.#levels + needed <= levels) return undefined;
    return isTrusted && owned <= reservedLevels ? undefined : "all";
  }

  add({ key }: FilterOwner, subscription: Subscription): void {
    let account = this.#accounts.get(key);
    if (account === undefined) {
      account = { clients: new Map(), levels: 0 };
      this.#accounts.set(key, account);
    }
    const group = groupKey(subscription);
    const clients = account.clients.get(group) ?? 0;
    account.clients.set(group, clients + 1);
    if (clients > 0) return;
    const levels = levelsOf(subscription);
    account.levels += levels;
    this.#levels += levels;
  }

  remove({ key }: FilterOwner, subscription: Subscription): void {
    const account = this.#accounts.get(key);
    const group = groupKey(subscription);
    const clients = account?.clients.get(group);
    if (account === undefined || clients === undefined) return;
    if (clients > 1) {
      account.clients.set(group, clients - 1);
      return;
    }
    account.clients.delete(group);
    const levels = levelsOf(subscription);
    account.levels -= levels;
    this.#levels -= levels;
    if (account.clients.size === 0) this.#accounts.delete(key);
  }
}

function levelsOf({ filters }: Subscription): number {
  let levels = 0;
  for (const filter of filters) levels += levelCount(filter);
  return levels;
}
