import { quote } from "../text/quote";
import { type Sentence, sentence } from "../text/sentence";
import { UserError } from "../text/user-error";

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

/** What is accepted for a property, as it stands after "must be". */
export type Accepted = string | Sentence;

/** A property holds a value that is not accepted. The message is a sentence for the user. */
export class ConfigError extends UserError {
  readonly code = "CONFIG_INVALID";

  constructor(
    readonly property: string,
    value: unknown,
    accepted: Accepted,
  ) {
    super(sentence("config.must-be", { property, accepted, value: quote(value) }));
  }
}

/**
 * Reads a saved configuration: missing properties get their default, the others are coerced and validated.
 * @throws {ConfigError} for the first property that is not accepted
 */
export function parseConfig<F extends Fields>(fields: F, saved: SavedConfig<F>): ConfigOf<F> {
  const parsed: Record<string, unknown> = {};
  for (const [property, field] of Object.entries(fields)) {
    parsed[property] = field.parse(saved[property] ?? field.default, property);
  }
  return parsed as ConfigOf<F>;
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
      const value = typeof saved === "string" && saved.trim() !== "" ? Number(saved) : saved;
      if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
        throw new ConfigError(property, saved, sentence("config.whole-number", { min, max }));
      }
      return value;
    },
  };
}

/** An integer that may also be left empty, which reads as `null`. */
export function optionalInteger(options: { min: number; max: number }): Field<number | null, string> {
  const { min, max } = options;
  const filled = integer({ default: min, min, max });
  return {
    default: "",
    parse(saved, property) {
      if (typeof saved === "string" && saved.trim() === "") return null;
      try {
        return filled.parse(saved, property);
      } catch {
        throw new ConfigError(property, saved, sentence("config.empty-or-whole-number", { min, max }));
      }
    },
  };
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
 * Text, trimmed.
 * @param options.check returns what is accepted instead (after "must be"), or `undefined` for acceptable text
 */
export function text(options: {
  default: string;
  check?: (value: string) => Accepted | undefined;
}): Field<string, string> {
  return {
    default: options.default,
    parse(saved, property) {
      if (typeof saved !== "string") throw new ConfigError(property, saved, sentence("config.text"));
      const value = saved.trim();
      const accepted = options.check?.(value);
      if (accepted !== undefined) throw new ConfigError(property, saved, accepted);
      return value;
    },
  };
}

/**
 * A list of texts, saved as an array or as one text separated by commas, spaces or line breaks.
 * @param options.check as in `text`, for every item
 */
export function list(
  options: { check?: (item: string) => Accepted | undefined } = {},
): Field<readonly string[], readonly string[]> {
  return {
    default: [],
    parse(saved, property) {
      const items: unknown[] | undefined =
        typeof saved === "string" ? saved.split(/[\s,]+/) : Array.isArray(saved) ? saved : undefined;
      if (items === undefined) throw new ConfigError(property, saved, sentence("config.list"));
      const parsed: string[] = [];
      for (const item of items) {
        if (typeof item !== "string") throw new ConfigError(property, item, sentence("config.list-of-texts"));
        const value = item.trim();
        if (value === "") continue;
        const accepted = options.check?.(value);
        if (accepted !== undefined) throw new ConfigError(property, item, accepted);
        parsed.push(value);
      }
      return parsed;
    },
  };
}

/** The id of a config node of the given type; empty when none is chosen yet. */
export function nodeReference(nodeType: string, { required = true } = {}): Field<string, string> {
  return { ...text({ default: "" }), nodeType, nodeRequired: required };
}
