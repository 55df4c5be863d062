import { sentence } from "../text/sentence";
import { type Environment, withEnvironment } from "./environment";
import { type Accepted, ConfigError, PropertyError, UnsetVariableError } from "./errors";

export { type Accepted, ConfigError, PropertyError } from "./errors";

/**
 * One table of fields describes a node's configuration. The editor takes its defaults and validators from it, the
 * runtime its parser and its type, so that the two cannot drift apart.
 */

/** One property of a node: how it is saved in a flow file when untouched, and how to read whatever was saved. */
export interface Field<T, Saved = unknown> {
  /** What the editor saves for a new node. */
  readonly default: Saved;
  /** The type of a config node this property points to. */
  readonly nodeType?: string;
  /** Whether it has to point to one; default: yes. */
  readonly nodeRequired?: boolean;
  /** Of a list: its items, not validated. */
  itemsOf?(saved: unknown): readonly unknown[];
  /**
   * @param saved the property as found in a flow file, never `undefined`
   * @throws {ConfigError} saying what is accepted instead
   */
  parse(saved: unknown, property: string): T;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The parsed configuration that a table of fields describes. */
export type ConfigOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** What a flow file holds for a table of fields: any property may be missing, numbers may be text. */
export type SavedConfig<F extends Fields> = { readonly [K in keyof F]?: unknown };

/** What one property has to be because of others. */
export interface Rule<F extends Fields> {
  readonly property: keyof F & string;
  /** @returns what is accepted instead (after "must be"), or `undefined` when nothing is wrong */
  check(config: ConfigOf<F>): Accepted | undefined;
}

export interface ParseOptions<F extends Fields> {
  /** Of the node; errors then name properties as its dialog does. */
  readonly type?: string;
  /** Default: none is set. */
  readonly environment?: Environment;
  readonly rules?: readonly Rule<F>[];
}

/**
 * Reads a saved configuration: missing properties get their default, environment variables their value, and all are coerced
 * and validated.
 * @throws {PropertyError} for the first property that is not accepted
 */
export function parseConfig<F extends Fields>(
  fields: F,
  saved: SavedConfig<F>,
  options: ParseOptions<F> = {},
): ConfigOf<F> {
  try {
    return parse(fields, saved, options);
  } catch (error) {
    if (error instanceof PropertyError) error.nodeType = options.type;
    throw error;
  }
}

function parse<F extends Fields>(fields: F, saved: SavedConfig<F>, options: ParseOptions<F>): ConfigOf<F> {
  const { environment = () => undefined, rules = [] } = options;
  const parsed: Record<string, unknown> = {};
  for (const [property, field] of Object.entries(fields)) {
    const unset = (name: string) => new UnsetVariableError(property, name);
    parsed[property] = field.parse(withEnvironment(saved[property] ?? field.default, environment, unset), property);
  }
  const config = parsed as ConfigOf<F>;
  for (const { property, check } of rules) {
    const accepted = check(config);
    if (accepted !== undefined) throw new ConfigError(property, saved[property] ?? fields[property]?.default, accepted);
  }
  return config;
}

/** The parsed configuration of a node that was never edited. */
export function defaultsOf<F extends Fields>(fields: F): ConfigOf<F> {
  return parseConfig(fields, {});
}

export function integer(options: { default: number; min: number; max: number }): Field<number, number> {
  const { min, max } = options;
  return {
    default: options.default,
    parse(saved, property) {
      const value = toInteger(saved, min, max);
      if (value === undefined) throw new ConfigError(property, saved, sentence("config.whole-number", { min, max }));
      return value;
    },
  };
}

/** An integer that may also be left empty, which reads as `null`. */
export function optionalInteger({ min, max }: { min: number; max: number }): Field<number | null, string> {
  return {
    default: "",
    parse(saved, property) {
      if (typeof saved === "string" && saved.trim() === "") return null;
      const value = toInteger(saved, min, max);
      if (value !== undefined) return value;
      throw new ConfigError(property, saved, sentence("config.empty-or-whole-number", { min, max }));
    },
  };
}

function toInteger(saved: unknown, min: number, max: number): number | undefined {
  const value = typeof saved === "string" && saved.trim() !== "" ? Number(saved) : saved;
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}

export function boolean(options: { default: boolean }): Field<boolean, boolean> {
  return {
    default: options.default,
    parse(saved, property) {
      if (saved === true || saved === "true") return true;
      if (saved === false || saved === "false") return false;
      throw new ConfigError(property, saved, sentence("config.true-or-false"));
    },
  };
}

export function oneOf<const T extends string>(accepted: readonly T[], options: { default: NoInfer<T> }): Field<T, T> {
  return {
    default: options.default,
    parse(saved, property) {
      const found = accepted.find((value) => value === saved);
      if (found === undefined)
        throw new ConfigError(property, saved, sentence("config.one-of", { accepted: accepted.join(", ") }));
      return found;
    },
  };
}

/**
 * Text, trimmed. What an environment variable holds may also be a number or a boolean.
 * @param options.check returns what is accepted instead (after "must be"), or `undefined` for acceptable text
 */
export function text(options: {
  default: string;
  check?: (value: string) => Accepted | undefined;
}): Field<string, string> {
  return {
    default: options.default,
    parse(saved, property) {
      if (!isText(saved)) throw new ConfigError(property, saved, sentence("config.text"));
      const value = String(saved).trim();
      const accepted = options.check?.(value);
      if (accepted !== undefined) throw new ConfigError(property, saved, accepted);
      return value;
    },
  };
}

/** Items of a list that is saved as one text. */
const BETWEEN_ITEMS = /[\s,]+/;
const BETWEEN_ITEMS_WITH_SPACES = /[\n,]+/;

/**
 * A list of texts, saved as an array or as one text separated by commas, spaces or line breaks.
 * @param options.check as in `text`, for every item
 * @param options.spaces whether items may hold spaces; default: no
 */
export function list(
  options: { check?: (item: string) => Accepted | undefined; spaces?: boolean } = {},
): Field<readonly string[], readonly string[]> {
  const separator = options.spaces ? BETWEEN_ITEMS_WITH_SPACES : BETWEEN_ITEMS;
  // An environment variable may be an item, and hold a list itself.
  const itemsOf = (saved: unknown): unknown[] =>
    [saved]
      .flat(2)
      .flatMap((item) => (isText(item) ? String(item).split(separator).map(trim).filter(isFilled) : [item]));
  return {
    default: [],
    itemsOf,
    parse(saved, property) {
      if (typeof saved !== "string" && !Array.isArray(saved)) {
        throw new ConfigError(property, saved, sentence("config.list"));
      }
      return itemsOf(saved).map((item) => {
        if (typeof item !== "string") throw new ConfigError(property, item, sentence("config.list-of-texts"));
        const accepted = options.check?.(item);
        if (accepted !== undefined) throw new ConfigError(property, item, accepted);
        return item;
      });
    },
  };
}

function isText(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function trim(value: string): string {
  return value.trim();
}

function isFilled(value: string): boolean {
  return value !== "";
}

/** The id of a config node of the given type; empty when none is chosen yet. */
export function nodeReference(nodeType: string, { required = true } = {}): Field<string, string> {
  return { ...text({ default: "" }), nodeType, nodeRequired: required };
}
