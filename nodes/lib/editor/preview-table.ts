import type { PreviewRow } from "../cockpit/listener-endpoints";

/** Readings as the rows of a table, with a column for each of their fields. */
export interface PreviewTable {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly topic: string; readonly cells: readonly PreviewCell[] }[];
}

export interface PreviewCell {
  readonly text: string;
  /** `21.5` may be a number or a text that looks like one. */
  readonly isNumber: boolean;
}

/** More would not fit into a dialog. */
const MAX_COLUMNS = 30;

/**
 * What previewed datagrams hold, as a table.
 * @returns undefined if a reading is no object, or was cut
 */
export function previewTable(previews: readonly PreviewRow[]): PreviewTable | undefined {
  const readings = previews
    .flatMap(({ readings }) => readings)
    .map(({ topic, payload }) => {
      return { topic, fields: objectIn(payload) };
    });
  const columns = new Set<string>();
  for (const { fields } of readings) {
    if (fields === undefined) return undefined;
    for (const name of Object.keys(fields)) columns.add(name);
  }
  if (columns.size === 0 || columns.size > MAX_COLUMNS) return undefined;
  const rows = readings.map(({ topic, fields = {} }) => {
    return { topic, cells: [...columns].map((name) => shown(fields[name])) };
  });
  return { columns: [...columns], rows };
}

function objectIn(payload: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function shown(value: unknown): PreviewCell {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return { text, isNumber: typeof value === "number" };
}
