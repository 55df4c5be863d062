/**
 * Environment variables in a configuration, written `${NAME}`. Node-RED itself puts in the value where a text is nothing
 * else. Here it is put in everywhere: a part of a text, an item of a list, a cell of a table.
 */

/** The value of an environment variable for a node, which may be that of its group, subflow or flow; `undefined`: not set. */
export type Environment = (name: string) => unknown;

const VARIABLE = /\$\{([^{}]+)\}/g;
const ONLY_VARIABLE = /^\$\{([^{}]+)\}$/;

/** Whether a saved value cannot be known before the flows run. */
export function usesEnvironment(value: unknown): boolean {
  if (typeof value === "string") return value.search(VARIABLE) >= 0;
  return typeof value === "object" && value !== null && Object.values(value).some(usesEnvironment);
}

/**
 * A saved value with the variables it names put in: as they are where a text is nothing else, as text within text.
 * @param unset makes the error that is thrown for a variable that is not set
 */
export function withEnvironment(value: unknown, environment: Environment, unset: (name: string) => Error): unknown {
  const lookUp = (name: string): unknown => {
    const found = environment(name);
    if (found === undefined) throw unset(name);
    return found;
  };
  const fill = (part: unknown): unknown => {
    if (typeof part === "string") {
      const [, only] = ONLY_VARIABLE.exec(part.trim()) ?? [];
      if (only !== undefined) return lookUp(only);
      return part.replace(VARIABLE, (_, name: string) => String(lookUp(name)));
    }
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, fill(item)]));
  };
  return usesEnvironment(value) ? fill(value) : value;
}
