import { formatNumber } from "../elements/format";
import { type Curve, TimeChart } from "../elements/time-chart";
import { byId, create, setText } from "./dom";
import type { Row } from "./row";
import type { Theme } from "./theme";

const HEIGHT = 280;
const UPDATE_MS = 200;

interface Entry {
  readonly row: Row;
  readonly color: number;
  readonly element: HTMLElement;
  readonly text: HTMLElement;
}

/** The chart of the signals that were picked, one over the other, with what each curve is. */
export class ChartPanel {
  readonly #now: () => number;
  readonly #chart: TimeChart;
  readonly #panel = byId("chart");
  readonly #legend = byId("legend");
  readonly #span = byId<HTMLSelectElement>("span");
  readonly #follow = byId<HTMLButtonElement>("follow");
  readonly #entries = new Map<Row, Entry>();
  #theme: Theme;
  #updatedAt = 0;

  /** @param now by the server's clock */
  constructor(theme: Theme, now: () => number) {
    this.#theme = theme;
    this.#now = now;
    this.#chart = new TimeChart(byId("plot"), {
      height: HEIGHT,
      onZoom: (isZoomed) => {
        this.#follow.hidden = !isZoomed;
      },
    });
    this.#follow.addEventListener("click", () => this.#chart.followTime());
    this.#span.addEventListener("change", () => {
      this.#chart.followTime();
      this.#update();
    });
    byId("chart-close").addEventListener("click", () => {
      for (const row of [...this.#entries.keys()]) this.drop(row);
    });
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    this.#draw();
  }

  /** The part of the time that is looked at, if the user chose one. */
  get zoomed(): { from: number; to: number } | undefined {
    return this.#chart.isZoomed ? this.#chart.span : undefined;
  }

  get rows(): readonly Row[] {
    return [...this.#entries.keys()];
  }

  toggle(row: Row): void {
    if (this.#entries.has(row)) this.drop(row);
    else this.#pick(row);
  }

  drop(row: Row): void {
    const entry = this.#entries.get(row);
    if (entry === undefined) return;
    this.#entries.delete(row);
    entry.element.remove();
    row.pick.setAttribute("aria-pressed", "false");
    this.#draw();
  }

  /** To be called in each frame while time goes on. */
  tick(time: number): void {
    if (this.#entries.size === 0 || time - this.#updatedAt < UPDATE_MS) return;
    this.#updatedAt = time;
    this.#update();
  }

  #pick(row: Row): void {
    const used = new Set(Array.from(this.#entries.values(), ({ color }) => color));
    const color = this.#theme.curves.findIndex((_, index) => !used.has(index));
    if (color === -1) return;
    const isFirst = this.#entries.size === 0;
    const text = create("span", "");
    const remove = create("button", "remove", "×");
    remove.type = "button";
    remove.setAttribute("aria-label", `Remove ${row.name} from the chart`);
    remove.addEventListener("click", () => this.drop(row));
    const element = create("li", `curve curve-${color + 1}`, create("span", "name", row.name), text, remove);
    this.#legend.append(element);
    this.#entries.set(row, { row, color, element, text });
    row.pick.setAttribute("aria-pressed", "true");
    this.#draw();
    // It appears above the list, maybe far above what was picked.
    if (isFirst) this.#panel.scrollIntoView({ block: "nearest" });
  }

  #draw(): void {
    this.#panel.hidden = this.#entries.size === 0;
    this.#chart.followTime();
    const curves = Array.from(this.#entries.values(), ({ row: { signal, name }, color }): Curve => {
      return { label: name, unit: signal.unit, series: signal.series, color: this.#theme.curves[color] ?? "" };
    });
    this.#chart.show(curves);
    this.#update();
  }

  #update(): void {
    const to = this.#now();
    this.#chart.update(to - Number(this.#span.value) * 1000, to);
    const { from } = this.#chart.span;
    for (const { row, text } of this.#entries.values()) {
      const { series, digits, unit } = row.signal;
      const range = series.rangeFrom(series.indexAt(from));
      const [last, min, max] = [
        series.length === 0 ? undefined : series.valueAt(series.length - 1),
        range?.min,
        range?.max,
      ].map((value) => (value === undefined ? "–" : formatNumber(value, digits)));
      setText(text, `${last} ${unit} (${min} to ${max})`);
    }
  }
}
