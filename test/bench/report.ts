/** Of a Markdown table. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A figure of the design, and what came of it. */
export interface Target {
  readonly what: string;
  readonly aim: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** By name; the names say the units. One that could not be had is missing. */
export type Figures = Readonly<Record<string, number>>;

export interface Report {
  readonly title: string;
  readonly table: Table;
  readonly targets: readonly Target[];
  /** What was measured of each contestant, for those who read the results elsewhere. */
  readonly figures?: Readonly<Record<string, Figures>>;
}

/** Without those that could not be had. */
export function known(figures: Readonly<Record<string, number | undefined>>): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value))) as Figures;
}

export function markdown({ columns, rows }: Table): string {
  return [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

export function targetTable(targets: readonly Target[]): Table {
  return {
    columns: ["figure", "aim", "measured", "met"],
    rows: targets.map(({ what, aim, measured, isMet }) => [what, aim, measured, isMet ? "yes" : "**no**"]),
  };
}

export function atMost(what: string, value: number | undefined, limit: number, unit: Unit): Target {
  return { what, aim: `≤ ${unit(limit)}`, measured: unit(value), isMet: value !== undefined && value <= limit };
}

export function atLeast(what: string, value: number | undefined, limit: number, unit: Unit): Target {
  return { what, aim: `≥ ${unit(limit)}`, measured: unit(value), isMet: value !== undefined && value >= limit };
}

/** Writes a figure; `undefined` is one that could not be had. */
export type Unit = (value: number | undefined) => string;

export const count: Unit = unit((value) => Math.round(value).toLocaleString("en-US").replaceAll(",", " "));
export const percent: Unit = unit((value) => `${(value * 100).toFixed(value > 0.995 && value < 1 ? 2 : 0)} %`);
export const ms: Unit = unit((value) => `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ms`);
export const preciseMs: Unit = unit((value) => `${value >= 100 ? value.toFixed(0) : value.toFixed(2)} ms`);
export const us: Unit = unit((value) =>
  value >= 1000 ? `${(value / 1000).toFixed(1)} ms` : `${value.toFixed(value >= 100 ? 0 : 2)} µs`,
);
export const times: Unit = unit((value) => `${value.toFixed(2)}×`);
export const bytes: Unit = unit((value) => `${value.toFixed(value < 1000 ? 1 : 0)} bytes`);
export const mebibytes: Unit = unit((value) => `${Math.round(value / 2 ** 20) + 0} MiB`);
export const kibibytes: Unit = unit((value) => `${(value / 1024).toFixed(1)} KiB`);

function unit(format: (value: number) => string): Unit {
  return (value) => (value === undefined || Number.isNaN(value) ? "not known" : format(value));
}
