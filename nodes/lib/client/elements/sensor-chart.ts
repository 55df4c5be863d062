import plotCss from "uplot/dist/uPlot.min.css";
import type { Reading } from "../client.mjs";
import { digitsOf, formatNumber } from "./format";
import { SensorElement, sheetOf } from "./sensor-element";
import { Series } from "./series";
import { TimeChart } from "./time-chart";
import { numberOf, valuesOf } from "./values";

const MAX_POINTS = 5000;
const DEFAULT_SPAN_MS = 120_000;
const DEFAULT_HEIGHT = 240;
const UPDATE_MS = 200;
/** Light and dark, in turns; beyond, there would be too many to tell apart. */
const COLORS = [
  ["#0f766e", "#4fd1c1"],
  ["#b4471a", "#ff9b70"],
  ["#4254c5", "#9dabff"],
  ["#a1287c", "#f48fd0"],
  ["#557a0b", "#b4d84a"],
  ["#0c6fa8", "#63c0f5"],
  ["#8a5a00", "#f0c04f"],
  ["#6d4bb0", "#c3a6ff"],
] as const;
const SPAN_UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

const STYLE = sheetOf(`${plotCss}
  ul { display: flex; flex-wrap: wrap; gap: .2em 1.5em; margin: .4em 0 0; padding: 0; list-style: none; font-size: .85em; }
  li { display: flex; gap: .5em; align-items: center; overflow-wrap: anywhere; }
  li > i { width: 1em; height: .25em; border-radius: .2em; background: currentColor; }
`);

interface Line {
  readonly label: string;
  readonly unit: string;
  readonly series: Series;
  readonly text: HTMLElement;
  readonly mark: HTMLElement;
}

/**
 * `<sensor-chart topics="plant/+/temperature" history="5m">`: topics, or a field of them, over time. It shows as much time
 * as `history` says, or two minutes; `height` is in pixels.
 */
export class SensorChart extends SensorElement {
  readonly #plot: HTMLElement;
  readonly #legend: HTMLElement;
  readonly #lines = new Map<string, Line>();
  readonly #scheme = matchMedia("(prefers-color-scheme: dark)");
  #chart: TimeChart | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #hasNewLine = false;

  constructor() {
    const plot = document.createElement("div");
    const legend = document.createElement("ul");
    plot.setAttribute("aria-hidden", "true");
    super([STYLE], plot, legend);
    this.#plot = plot;
    this.#legend = legend;
  }

  protected override begin(): void {
    this.#lines.clear();
    this.#legend.replaceChildren();
    this.#chart = new TimeChart(this.#plot, { height: Number(this.getAttribute("height")) || DEFAULT_HEIGHT });
    this.#scheme.addEventListener("change", this.#recolor);
    this.#timer = setInterval(() => {
      if (document.visibilityState === "visible") this.requestPaint();
    }, UPDATE_MS);
  }

  protected override end(): void {
    clearInterval(this.#timer);
    this.#scheme.removeEventListener("change", this.#recolor);
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  protected override take({ topic, payload, time }: Reading): void {
    const wanted = this.getAttribute("field");
    for (const { field, value, unit } of valuesOf(topic, payload)) {
      const number = numberOf(value);
      if (number === undefined || (wanted !== null && field !== wanted)) continue;
      const label = field === "" || wanted !== null ? topic : `${topic} › ${field}`;
      const line = this.#lines.get(label) ?? this.#add(label, unit);
      line?.series.add(time, number);
    }
  }

  protected override paint(): void {
    if (this.#hasNewLine) this.#recolor();
    this.#hasNewLine = false;
    const to = Date.now();
    this.#chart?.update(to - spanOf(this.getAttribute("history")), to);
    for (const { series, unit, text } of this.#lines.values()) {
      const range = series.rangeFrom(series.indexAt(this.#chart?.span.from ?? 0));
      const last = series.valueAt(series.length - 1);
      const digits = Math.max(digitsOf(last), digitsOf(range?.min ?? 0), digitsOf(range?.max ?? 0));
      const [now, min, max] = [last, range?.min, range?.max].map((value) =>
        value === undefined ? "–" : formatNumber(value, digits),
      );
      text.textContent = `${now} ${unit} (${min} to ${max})`;
    }
    const spoken = Array.from(this.#lines, ([label, { text }]) => `${label}: ${text.textContent}`);
    if (spoken.length > 0) this.announce(spoken.join("; "));
  }

  #add(label: string, unit: string): Line | undefined {
    if (this.#lines.size >= COLORS.length) return undefined;
    const mark = document.createElement("i");
    const text = document.createElement("span");
    const entry = document.createElement("li");
    entry.append(mark, label, " ", text);
    this.#legend.append(entry);
    const line = { label, unit, series: new Series(MAX_POINTS), text, mark };
    this.#lines.set(label, line);
    this.#hasNewLine = true;
    return line;
  }

  readonly #recolor = (): void => {
    const scheme = this.#scheme.matches ? 1 : 0;
    const curves = Array.from(this.#lines.values(), ({ label, unit, series, mark }, index) => {
      const color = COLORS[index]?.[scheme] ?? "";
      mark.style.color = color;
      return { label, unit, series, color };
    });
    this.#chart?.show(curves);
  };
}

/** `5m` is a time; `500` readings are of any time. */
function spanOf(history: string | null): number {
  const [, amount, unit = ""] = /^(\d+)([smh])$/.exec(history?.trim() ?? "") ?? [];
  return amount === undefined ? DEFAULT_SPAN_MS : Number(amount) * (SPAN_UNITS[unit] ?? 0);
}
