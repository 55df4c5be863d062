import { ConfigError, type Field, type Fields } from "./fields";

/** One entry of a node type's `defaults` in the editor. */
export interface EditorDefault<T> {
  value: T;
  type?: string;
  required?: boolean;
  /** Exactly two parameters, or Node-RED does not take a text as the reason. */
  validate(value: unknown, options: unknown): true | string;
}

export type EditorDefaults<F extends Fields> = {
  [K in keyof F]: EditorDefault<F[K] extends Field<unknown, infer Saved> ? Saved : never>;
};

/** The `defaults` of a whole node type: those of its fields, its name, and the number of outputs if that varies. */
export type DefaultsOf<F extends Fields> = EditorDefaults<F> & { name: { value: string }; outputs?: { value: number } };

const ENVIRONMENT_VARIABLE = /^\$\{[^}]+\}$/;

/** The editor's `defaults` for a table of fields: the same defaults and the same validation as the runtime's. */
export function editorDefaults<F extends Fields>(fields: F): EditorDefaults<F> {
  const defaults: Record<string, EditorDefault<unknown>> = {};
  for (const [property, field] of Object.entries(fields)) {
    defaults[property] = {
      value: field.default,
      ...(field.nodeType === undefined ? {} : { type: field.nodeType, required: field.nodeRequired ?? true }),
      // biome-ignore lint/correctness/noUnusedFunctionParameters: Node-RED counts the parameters
      validate: (value, options) => validate(field, property, value),
    };
  }
  return defaults as EditorDefaults<F>;
}

function validate(field: Field<unknown>, property: string, value: unknown): true | string {
  if (typeof value === "string" && ENVIRONMENT_VARIABLE.test(value)) return true;
  try {
    field.parse(value ?? field.default, property);
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}
