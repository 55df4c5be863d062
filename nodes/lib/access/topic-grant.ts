import { FilterTree } from "../ws/topic-filter";

/**
 * Which topics a client gets that asks for some and may read some: those that match any of its own filters and any of the
 * granted ones. That is its intersection with the grant, whatever the filters; a list of filters that says the same could
 * be as long as the product of both.
 * @param filters own ones; empty: every topic
 * @param granted empty: none; `undefined`: every topic
 */
export function topicMatcher(
  filters: readonly string[],
  granted: readonly string[] | undefined,
): (topic: string) => boolean {
  const wanted = filters.length === 0 ? undefined : treeOf(filters);
  const readable = granted && treeOf(granted);
  return (topic) => matches(wanted, topic) && matches(readable, topic);
}

/**
 * Whether any topic at all could match both: a client that asks only for what it may not read is better told so than left
 * waiting. Linear in the product of both lists.
 * @param filters own ones; empty: every topic
 * @param granted at least one
 */
export function overlaps(filters: readonly string[], granted: readonly string[]): boolean {
  if (filters.length === 0) return granted.length > 0;
  const others = granted.map((filter) => filter.split("/"));
  return filters.some((filter) => {
    const levels = filter.split("/");
    return others.some((other) => levelsOverlap(levels, other));
  });
}

function levelsOverlap(a: readonly string[], b: readonly string[]): boolean {
  for (let depth = 0; ; depth++) {
    const left = a[depth];
    const right = b[depth];
    // Wildcards at the first level do not match a topic that starts with `$`.
    if (depth === 0 && (isReserved(left) ? isWildcard(right) : isReserved(right) && isWildcard(left))) return false;
    // "#" also matches the level above it.
    if (left === "#" || right === "#") return true;
    if (left === undefined || right === undefined) return left === right;
    if (left !== right && left !== "+" && right !== "+") return false;
  }
}

function isReserved(level: string | undefined): boolean {
  return level?.startsWith("$") ?? false;
}

function isWildcard(level: string | undefined): boolean {
  return level === "+" || level === "#";
}

function treeOf(filters: readonly string[]): FilterTree<true> {
  const tree = new FilterTree<true>();
  for (const filter of filters) tree.add(filter, true);
  return tree;
}

function matches(tree: FilterTree<true> | undefined, topic: string): boolean {
  return tree === undefined || tree.holdersOf(topic).size > 0;
}
