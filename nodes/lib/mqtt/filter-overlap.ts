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
