import type { Reading } from "../client.mjs";
import { formatAge, formatValue } from "./format";
import { SensorElement, sheetOf } from "./sensor-element";
import { valuesOf } from "./values";

/** A sender may invent topics: beyond, the stalest gives way. */
const MAX_ROWS = 500;
const STALE_AFTER_MS = 10_000;
const AGE_MS = 1000;
const HEADINGS = ["Topic", "Value", "Unit", "Age"];

const STYLE = sheetOf(`
  table { width: 100%; border-collapse: collapse; }
  th, td { padding: .3em .6em; text-align: left; border-bottom: 1px solid light-dark(#d5dede, #2c3b41); overflow-wrap: anywhere; }
`);

interface Line {
  readonly row: HTMLTableRowElement;
  value: unknown;
  unit: string;
  time: number;
}

const natural = new Intl.Collator(undefined, { numeric: true });

/** `<sensor-table topics="plant/#">`: the newest value of each topic, and of each field, in natural order. */
export class SensorTable extends SensorElement {
  readonly #body: HTMLTableSectionElement;
  readonly #lines = new Map<string, Line>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const heading of HEADINGS) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = heading;
      head.append(cell);
    }
    const body = table.createTBody();
    super([STYLE], table);
    this.#body = body;
  }

  protected override begin(): void {
    this.#lines.clear();
    this.#body.replaceChildren();
    this.#timer = setInterval(() => this.requestPaint(), AGE_MS);
  }

  protected override end(): void {
    clearInterval(this.#timer);
  }

  protected override take({ topic, payload, time }: Reading): void {
    for (const { field, value, unit } of valuesOf(topic, payload)) {
      const label = field === "" ? topic : `${topic} › ${field}`;
      const line = this.#lines.get(label) ?? this.#add(label);
      line.value = value;
      line.unit = unit;
      line.time = time;
    }
  }

  protected override paint(): void {
    const now = Date.now();
    for (const { row, value, unit, time } of this.#lines.values()) {
      const texts = [formatValue(value), unit, formatAge(now - time)];
      for (const [index, text] of texts.entries()) {
        const cell = row.cells[index + 1];
        if (cell !== undefined && cell.textContent !== text) cell.textContent = text;
      }
      row.classList.toggle("stale", now - time > STALE_AFTER_MS);
    }
  }

  #add(label: string): Line {
    if (this.#lines.size >= MAX_ROWS) this.#dropStalest();
    const row = document.createElement("tr");
    for (let column = 0; column < HEADINGS.length; column++) row.insertCell();
    const [name] = row.cells;
    if (name !== undefined) name.textContent = label;
    const next = [...this.#body.rows].find((other) => natural.compare(other.cells[0]?.textContent ?? "", label) > 0);
    this.#body.insertBefore(row, next ?? null);
    const line: Line = { row, value: undefined, unit: "", time: 0 };
    this.#lines.set(label, line);
    return line;
  }

  #dropStalest(): void {
    const [stalest] = [...this.#lines].sort(([, a], [, b]) => a.time - b.time);
    if (stalest === undefined) return;
    stalest[1].row.remove();
    this.#lines.delete(stalest[0]);
  }
}
