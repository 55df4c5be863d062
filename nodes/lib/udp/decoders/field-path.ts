/** Finds a field in a reading, or `undefined` where there is none. */
export type FieldPath = (reading: unknown) => unknown;

/** Compiles a field's name, or names with dots between them for a field inside of others: `device.id`. */
export function compileFieldPath(dotted: string): FieldPath {
  const path = dotted.split(".");
  return (reading) => {
    let value = reading;
    for (const key of path) {
      // Own properties alone, so that no field names what every object inherits.
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Readonly<Record<string, unknown>>)[key];
    }
    return value;
  };
}
