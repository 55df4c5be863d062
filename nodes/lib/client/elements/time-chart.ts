import uPlot from "uplot";
import { formatNumber } from "./format";
import type { Series } from "./series";

/** One curve of a chart. */
export interface Curve {
  /** Shown as text. */
  readonly label: string;
  readonly unit: string;
  readonly series: Series;
  /** Any CSS color. */
  readonly color: string;
}

export interface TimeChartOptions {
  /** In pixels. */
  readonly height: number;
  /** Told when a part of the time was chosen, and when it is followed again. */
  readonly onZoom?: (isZoomed: boolean) => void;
}

/** More axes would leave no room for curves. */
const MAX_AXES = 2;
const POINTS_UP_TO = 60;

/** Curves over time that move on with it. A part of the time is chosen by dragging; a double click follows time again. */
export class TimeChart {
  readonly #host: HTMLElement;
  readonly #options: TimeChartOptions;
  readonly #resized: ResizeObserver;
  #curves: readonly Curve[] = [];
  #plot: uPlot | undefined;
  #isZoomed = false;
  #from = 0;
  #to = 0;

  /** @param host is filled in its width */
  constructor(host: HTMLElement, options: TimeChartOptions) {
    this.#host = host;
    this.#options = options;
    this.#resized = new ResizeObserver(() => {
      if (this.#plot !== undefined && this.#width !== this.#plot.width) this.#plot.setSize(this.#size);
    });
    this.#resized.observe(host);
  }

  get isZoomed(): boolean {
    return this.#isZoomed;
  }

  /** The part of the time that is shown, in ms since 1970. */
  get span(): { from: number; to: number } {
    const { min = this.#from / 1000, max = this.#to / 1000 } = this.#plot?.scales.x ?? {};
    return { from: min * 1000, to: max * 1000 };
  }

  show(curves: readonly Curve[]): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#curves = curves;
    if (curves.length > 0) this.#plot = new uPlot(this.#plotOptions(), this.#data(), this.#host);
  }

  /** Shows what has come since, of the time between two moments in ms; leaves alone what the user looks at. */
  update(from: number, to: number): void {
    this.#from = from;
    this.#to = to;
    if (this.#plot === undefined || this.#isZoomed) return;
    const plot = this.#plot;
    plot.batch(() => {
      plot.setData(this.#data(), false);
      plot.setScale("x", { min: from / 1000, max: to / 1000 });
    });
  }

  followTime(): void {
    if (!this.#isZoomed) return;
    this.#isZoomed = false;
    this.update(this.#from, this.#to);
    this.#options.onZoom?.(false);
  }

  destroy(): void {
    this.#resized.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  get #width(): number {
    return Math.max(100, this.#host.clientWidth);
  }

  get #size(): { width: number; height: number } {
    return { width: this.#width, height: this.#options.height };
  }

  #plotOptions(): uPlot.Options {
    const style = getComputedStyle(this.#host);
    const text = style.color;
    const grid = style.getPropertyValue("--grid").trim() || "rgba(128, 128, 128, 0.25)";
    const units = [...new Set(this.#curves.map(({ unit }) => unit))];
    const axis = {
      stroke: text,
      grid: { stroke: grid, width: 1 },
      ticks: { stroke: grid, width: 1 },
      font: "12px system-ui, sans-serif",
    };
    return {
      ...this.#size,
      legend: { show: false },
      cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
      scales: { x: { time: true }, ...Object.fromEntries(units.map((unit) => [scaleOf(unit), { auto: true }])) },
      axes: [
        axis,
        ...units.slice(0, MAX_AXES).map((unit, index) => ({
          ...axis,
          scale: scaleOf(unit),
          side: index === 0 ? (3 as const) : (1 as const),
          grid: { ...axis.grid, show: index === 0 },
          size: 62,
          values: (_plot: uPlot, splits: number[]) => axisLabels(splits, unit),
        })),
      ],
      series: [
        {},
        ...this.#curves.map(({ label, color, unit, series }) => ({
          label,
          stroke: color,
          width: 1.75,
          scale: scaleOf(unit),
          points: { show: () => series.length <= POINTS_UP_TO, filter: lonelyPoints, size: 5, fill: color },
        })),
      ],
      hooks: {
        setSelect: [(plot) => this.#zoom(plot)],
        ready: [(plot) => plot.over.addEventListener("dblclick", () => this.followTime())],
      },
    };
  }

  #zoom(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 2) return;
    const min = plot.posToVal(left, "x");
    const max = plot.posToVal(left + width, "x");
    this.#isZoomed = true;
    plot.batch(() => {
      plot.setScale("x", { min, max });
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    });
    this.#options.onZoom?.(true);
  }

  #data(): uPlot.AlignedData {
    const tables = this.#curves.map(({ series }) => tableOf(series, this.#from));
    if (tables.length === 0) return [[]];
    // Curves have moments of their own: what one has none for is drawn across, what is null is a gap.
    return tables.length === 1
      ? (tables[0] as uPlot.AlignedData)
      : uPlot.join(
          tables,
          tables.map(() => [0, 2]),
        );
  }
}

/** Seconds and values; between two points with an outage between them, a null. */
function tableOf(series: Series, from: number): uPlot.AlignedData {
  const times: number[] = [];
  const values: (number | null)[] = [];
  for (let index = Math.max(0, series.indexAt(from) - 1); index < series.length; index++) {
    const time = series.timeAt(index) / 1000;
    if (series.isGapBefore(index)) {
      times.push((time + series.timeAt(index - 1) / 1000) / 2);
      values.push(null);
    }
    // A chart wants every moment once; the newest reading of it counts.
    if (times.at(-1) === time) values[values.length - 1] = series.valueAt(index);
    else {
      times.push(time);
      values.push(series.valueAt(index));
    }
  }
  return [times, values];
}

/** A point between two gaps is no line: it is drawn as a point, also where others are not. */
function lonelyPoints(plot: uPlot, curve: number, isShown: boolean): number[] | null {
  if (isShown) return null;
  const values = plot.data[curve] ?? [];
  const lonely: number[] = [];
  let previous: number | null = null;
  let candidate: number | undefined;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    // Another curve's moment.
    if (value === undefined) continue;
    if (value === null && candidate !== undefined) lonely.push(candidate);
    candidate = value !== null && previous === null ? index : undefined;
    previous = value;
  }
  if (candidate !== undefined) lonely.push(candidate);
  return lonely;
}

function scaleOf(unit: string): string {
  return `y ${unit}`;
}

function axisLabels(splits: readonly number[], unit: string): string[] {
  const [first = 0, second = first] = splits;
  const step = Math.abs(second - first);
  const digits = step >= 1 || step === 0 ? 0 : Math.min(3, Math.ceil(-Math.log10(step)));
  return splits.map((value) => (unit === "" ? formatNumber(value, digits) : `${formatNumber(value, digits)} ${unit}`));
}
