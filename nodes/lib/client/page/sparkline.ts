import type { Series } from "../elements/series";
import type { Theme } from "./theme";

const LEAST_SPAN_MS = 60_000;
const INTERVALS = 100;
const MARGIN = 3;

/** Draws the newest part of a series: how much depends on its pace. Does nothing on a canvas that has no size. */
export function drawSparkline(
  canvas: HTMLCanvasElement,
  series: Series,
  { now, theme }: { readonly now: number; readonly theme: Theme },
): void {
  const context = canvas.getContext("2d");
  const { width, height } = canvas;
  if (context === null || width === 0) return;
  context.clearRect(0, 0, width, height);
  const { from, first } = spanOf(series, now);
  const range = series.rangeFrom(first);
  if (range === undefined) return;

  const ratio = devicePixelRatio;
  const margin = MARGIN * ratio;
  const size = range.max - range.min;
  const x = (time: number): number => ((time - from) / Math.max(1, now - from)) * (width - 2 * margin) + margin;
  const y = (value: number): number =>
    size === 0 ? height / 2 : height - margin - ((value - range.min) / size) * (height - 2 * margin);

  context.lineWidth = 1.5 * ratio;
  context.lineJoin = "round";
  context.strokeStyle = theme.line;
  context.fillStyle = theme.area;
  for (let start = first; start < series.length; ) {
    let end = start + 1;
    while (end < series.length && !series.isGapBefore(end)) end++;
    drawPart({ context, series, x, y, height }, start, end);
    start = end;
  }
  const last = series.length - 1;
  context.beginPath();
  context.arc(x(series.timeAt(last)), y(series.valueAt(last)), 2.5 * ratio, 0, 2 * Math.PI);
  context.fillStyle = theme.line;
  context.fill();
}

/** The part of a series that a sparkline shows: when it begins, and with which point. */
export function spanOf(series: Series, now: number): { from: number; first: number } {
  const span = Math.max(LEAST_SPAN_MS, INTERVALS * series.interval);
  const first = series.indexAt(now - span);
  // A signal that is new fills the width from the start.
  return { from: Math.max(now - span, first < series.length ? series.timeAt(first) : 0), first };
}

interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly series: Series;
  readonly x: (time: number) => number;
  readonly y: (value: number) => number;
  readonly height: number;
}

function drawPart({ context, series, x, y, height }: Pen, start: number, end: number): void {
  const curve = new Path2D();
  for (let index = start; index < end; index++) curve.lineTo(x(series.timeAt(index)), y(series.valueAt(index)));
  const area = new Path2D(curve);
  area.lineTo(x(series.timeAt(end - 1)), height);
  area.lineTo(x(series.timeAt(start)), height);
  context.fill(area);
  context.stroke(curve);
}
