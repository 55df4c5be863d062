import type { Translate } from "../text/sentence";
import { usesEnvironment } from "./environment";
import { ConfigError, PropertyError } from "./errors";
import { type ConfigOf, defaultsOf, type Field, type Fields, type Rule, type SavedConfig } from "./fields";

/** One entry of a node type's `defaults` in the editor. */
export interface EditorDefault<T> {
  value: T;
  type?: string;
  required?: boolean;
  /** As the editor calls it where it says that a config node is missing or not valid. */
  readonly label?: string;
  /** Exactly two parameters, or Node-RED does not take a text as the reason. */
  validate?(this: object, value: unknown, options: unknown): true | string;
}

export type EditorDefaults<F extends Fields> = {
  [K in keyof F]: EditorDefault<F[K] extends Field<unknown, infer Saved> ? Saved : never>;
};

/** The `defaults` of a whole node type: those of its fields, its name, and the number of outputs if that varies. */
export type DefaultsOf<F extends Fields> = EditorDefaults<F> & { name: { value: string }; outputs?: { value: number } };

/** What validation in the editor needs besides the fields. */
export interface EditorWords<F extends Fields> {
  /** Of the node. */
  readonly type: string;
  readonly translate: Translate;
  readonly rules?: readonly Rule<F>[];
  /** What the user has entered for a node so far; default: nothing. */
  entered?(node: object): SavedConfig<F>;
}

/**
 * The editor's `defaults` for a table of fields: the same defaults, validation and sentences as the runtime's. What the
 * environment sets is taken for good. References to config nodes are left to Node-RED, which knows whether those are valid.
 */
export function editorDefaults<F extends Fields>(fields: F, words: EditorWords<F>): EditorDefaults<F> {
  const { type, translate } = words;
  const defaults: Record<string, EditorDefault<unknown>> = {};
  for (const [property, field] of Object.entries(fields)) {
    const value = field.default;
    defaults[property] =
      field.nodeType === undefined
        ? {
            value,
            // biome-ignore lint/correctness/noUnusedFunctionParameters: Node-RED counts the parameters
            validate(value, options) {
              const problem = problemOf(fields, words, { property, value, node: this });
              if (problem === undefined) return true;
              problem.nodeType = type;
              return withoutMarkup(problem.translated(translate));
            },
          }
        : {
            value,
            type: field.nodeType,
            required: field.nodeRequired ?? true,
            // Not yet: Node-RED gives the translations to a type when it is registered.
            get label() {
              return translate(`${type}.label.${property}`, {});
            },
          };
  }
  return defaults as EditorDefaults<F>;
}

/** The editor shows the reasons for a red triangle as text in some places, and as HTML in others. */
export function withoutMarkup(reason: string): string {
  return reason.replaceAll("<", "‹");
}

interface Validated {
  readonly property: string;
  readonly value: unknown;
  readonly node: object;
}

function problemOf<F extends Fields>(
  fields: F,
  words: EditorWords<F>,
  validated: Validated,
): PropertyError | undefined {
  const { property, value, node } = validated;
  const field = fields[property] as Field<unknown>;
  try {
    parseKnown(field, value, property);
    const rules = words.rules?.filter((rule) => rule.property === property) ?? [];
    if (rules.length === 0 || usesEnvironment(value)) return undefined;
    const saved = { ...node, ...words.entered?.(node), [property]: value } as SavedConfig<F>;
    const config = knownConfig(fields, saved);
    for (const { check } of rules) {
      const accepted = check(config);
      if (accepted !== undefined) return new ConfigError(property, value, accepted);
    }
    return undefined;
  } catch (error) {
    if (error instanceof PropertyError) return error;
    throw error;
  }
}

/** @returns undefined for what only the environment knows; of a list, what is left without that */
function parseKnown(field: Field<unknown>, value: unknown, property: string): unknown {
  const saved = value ?? field.default;
  if (!usesEnvironment(saved)) return field.parse(saved, property);
  const known = field.itemsOf?.(saved).filter((item) => !usesEnvironment(item));
  if (known !== undefined) field.parse(known, property);
  return undefined;
}

/** With the default where the value is not valid, or known to the environment alone: those have a verdict of their own. */
function knownConfig<F extends Fields>(fields: F, saved: SavedConfig<F>): ConfigOf<F> {
  const config: Record<string, unknown> = { ...defaultsOf(fields) };
  for (const [property, field] of Object.entries(fields)) {
    try {
      config[property] = parseKnown(field, saved[property], property) ?? config[property];
    } catch (error) {
      if (!(error instanceof PropertyError)) throw error;
    }
  }
  return config as ConfigOf<F>;
}
