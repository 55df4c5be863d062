import { type Sentence, sentence } from "../text/sentence";

/**
 * MQTT topic filters. Source: MQTT 5.0, section 4.7 "Topic Names and Topic Filters".
 */

/** Of one client, and of one token. */
export const MAX_FILTERS = 64;
/** Of a filter that a client or a JSON Web Token brings along. */
export const MAX_FOREIGN_FILTER_BYTES = 1024;
const MAX_FILTER_BYTES = 65535;
/** Below what recursion over a filter's levels can take. */
const MAX_FILTER_LEVELS = 128;

const SLASH = 0x2f;
const HASH = 0x23;
const PLUS = 0x2b;

/** @returns what is wrong with a filter, as the end of a sentence, or `undefined` for a good one */
export function filterError(filter: string): Sentence | undefined {
  if (filter === "") return sentence("mqtt.filter-empty");
  if (filter.includes("\0")) return sentence("mqtt.filter-nul");
  if (isLongerThan(filter, MAX_FILTER_BYTES)) return sentence("mqtt.filter-too-long", { max: MAX_FILTER_BYTES });
  if (filter.startsWith("$share/")) return sentence("mqtt.filter-shared");
  if (levelCount(filter) > MAX_FILTER_LEVELS) return sentence("mqtt.filter-too-deep", { max: MAX_FILTER_LEVELS });
  if (isMisplaced(HASH, filter) || filter.slice(0, -1).includes("#")) return sentence("mqtt.filter-hash");
  if (isMisplaced(PLUS, filter)) return sentence("mqtt.filter-plus");
  return undefined;
}

/** Of a topic or a filter. Characters are counted, since taking thousands of strangers' levels apart takes its time. */
export function levelCount(topic: string): number {
  let levels = 1;
  for (let at = 0; at < topic.length; at++) if (topic.charCodeAt(at) === SLASH) levels++;
  return levels;
}

/** Whether a wildcard is not all of its level. */
function isMisplaced(wildcard: number, filter: string): boolean {
  for (let at = 0; at < filter.length; at++) {
    if (filter.charCodeAt(at) !== wildcard) continue;
    if (at > 0 && filter.charCodeAt(at - 1) !== SLASH) return true;
    if (at + 1 < filter.length && filter.charCodeAt(at + 1) !== SLASH) return true;
  }
  return false;
}

/** In UTF-8. Not with a Buffer: this runs in the editor, too. */
function isLongerThan(text: string, bytes: number): boolean {
  // Two characters of UTF-16 that make one in UTF-8 take 4 bytes, any other takes at most 3.
  return text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes;
}

/** Clients decide how many there are: what a level does not need it does not have. */
interface Level<T> {
  next: Map<string, Level<T>> | undefined;
  /** Whose filter ends here. */
  ends: Set<T> | undefined;
  /** Whose filter ends with a `#` below here. */
  hashes: Set<T> | undefined;
}

/** A topic's levels, as many of them as a filter can tell apart. */
export function levelsOf(topic: string): string[] {
  return topic.split("/", MAX_FILTER_LEVELS + 2);
}

/** Who wants a topic: a tree of filters by level, so that a look-up costs by the levels of the topic, not by filters. */
export class FilterTree<T> {
  readonly #root: Level<T> = newLevel();

  add(filter: string, holder: T): void {
    let level = this.#root;
    for (const name of filter.split("/")) {
      if (name === "#") {
        level.hashes ??= new Set();
        level.hashes.add(holder);
        return;
      }
      level.next ??= new Map();
      let next = level.next.get(name);
      if (next === undefined) {
        next = newLevel();
        level.next.set(name, next);
      }
      level = next;
    }
    level.ends ??= new Set();
    level.ends.add(holder);
  }

  remove(filter: string, holder: T): void {
    removeFrom(this.#root, { filter: filter.split("/"), holder }, 0);
  }

  /** Whether any filter matches. @param levels as `levelsOf` a topic gives them */
  matches(levels: readonly string[]): boolean {
    return isMatched(this.#root, levels, 0);
  }

  /** Everyone with a filter that matches; each once. */
  holdersOf(topic: string): Set<T> {
    const found = new Set<T>();
    this.collect(levelsOf(topic), found);
    return found;
  }

  /** Adds everyone with a filter that matches. @param levels as `levelsOf` a topic gives them */
  collect(levels: readonly string[], found: Set<T>): void {
    const isReserved = levels[0]?.startsWith("$") === true;
    collect(this.#root, { levels, isReserved, found }, 0);
  }
}

/** A tree that only tells whether any of the filters matches. */
export function treeOf(filters: readonly string[]): FilterTree<true> {
  const tree = new FilterTree<true>();
  for (const filter of filters) tree.add(filter, true);
  return tree;
}

/** For a single look-up. */
export function matchesAny(filters: readonly string[], topic: string): boolean {
  return treeOf(filters).holdersOf(topic).size > 0;
}

function newLevel<T>(): Level<T> {
  return { next: undefined, ends: undefined, hashes: undefined };
}

interface Search<T> {
  readonly levels: readonly string[];
  /** Wildcards at the first level do not match a topic that starts with `$`. */
  readonly isReserved: boolean;
  readonly found: Set<T>;
}

function collect<T>({ next, ends, hashes }: Level<T>, search: Search<T>, depth: number): void {
  const { levels, isReserved, found } = search;
  if (hashes !== undefined && (!isReserved || depth > 0)) for (const holder of hashes) found.add(holder);
  const name = levels[depth];
  if (name === undefined) {
    if (ends !== undefined) for (const holder of ends) found.add(holder);
    return;
  }
  if (next === undefined) return;
  const exact = next.get(name);
  if (exact !== undefined) collect(exact, search, depth + 1);
  if (isReserved && depth === 0) return;
  const any = name === "+" ? undefined : next.get("+");
  if (any !== undefined) collect(any, search, depth + 1);
}

/** Like `collect`, up to the first. */
function isMatched(level: Level<unknown>, topic: readonly string[], depth: number): boolean {
  const isReserved = depth === 0 && topic[0]?.startsWith("$") === true;
  if (level.hashes !== undefined && !isReserved) return true;
  const name = topic[depth];
  if (name === undefined) return level.ends !== undefined;
  const { next } = level;
  if (next === undefined) return false;
  const exact = next.get(name);
  if (exact !== undefined && isMatched(exact, topic, depth + 1)) return true;
  if (isReserved || name === "+") return false;
  const any = next.get("+");
  return any !== undefined && isMatched(any, topic, depth + 1);
}

/** @returns whether the level is empty now */
function removeFrom<T>(level: Level<T>, entry: { filter: readonly string[]; holder: T }, depth: number): boolean {
  const { filter, holder } = entry;
  const name = filter[depth];
  if (name === undefined) {
    if (level.ends?.delete(holder) && level.ends.size === 0) level.ends = undefined;
  } else if (name === "#") {
    if (level.hashes?.delete(holder) && level.hashes.size === 0) level.hashes = undefined;
  } else {
    const next = level.next?.get(name);
    if (next !== undefined && removeFrom(next, entry, depth + 1)) level.next?.delete(name);
    if (level.next?.size === 0) level.next = undefined;
  }
  return level.next === undefined && level.ends === undefined && level.hashes === undefined;
}
