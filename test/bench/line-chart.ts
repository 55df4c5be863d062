/** Of one plot: both axes are logarithmic. */
export interface LineChart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }[];
}

const WIDTH = 460;
const HEIGHT = 320;
const MARGIN = { top: 40, right: 110, bottom: 48, left: 64 };
const PLOT = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
/** Told apart by the colour-blind, too, and seen on light and on dark (Okabe and Ito, 2008). */
const COLORS = ["#e69f00", "#0091d5", "#009e73", "#cc79a7"];
const GREY = "#888";

/** Draws charts side by side, as SVG that is read on a light page and on a dark one. */
export function lineCharts(charts: readonly LineChart[]): string {
  const drawn = charts.map((chart, index) => `<g transform="translate(${index * WIDTH} 0)">${drawing(chart)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH * charts.length} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="${GREY}">
${drawn.join("\n")}
</svg>
`;
}

function drawing({ title, x, y, lines }: LineChart): string {
  const points = lines.flatMap((line) => line.points);
  const across = scale(
    points.map(([value]) => value),
    PLOT.width,
  );
  const up = scale(
    points.map(([, value]) => value),
    PLOT.height,
  );
  const left = (value: number): number => MARGIN.left + across.place(value);
  const top = (value: number): number => MARGIN.top + PLOT.height - up.place(value);
  const bottom = MARGIN.top + PLOT.height;
  const parts = [
    text(title, { x: MARGIN.left, y: 20, extra: 'font-weight="bold"' }),
    text(x, { x: MARGIN.left + PLOT.width / 2, y: HEIGHT - 8, extra: 'text-anchor="middle"' }),
    `<text transform="translate(14 ${MARGIN.top + PLOT.height / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>`,
    ...across.ticks.map((tick) => text(short(tick), { x: left(tick), y: bottom + 16, extra: 'text-anchor="middle"' })),
    ...up.ticks.map((tick) => text(short(tick), { x: MARGIN.left - 6, y: top(tick) + 4, extra: 'text-anchor="end"' })),
    ...up.ticks.map(
      (tick) =>
        `<path d="M${MARGIN.left} ${top(tick).toFixed(1)}h${PLOT.width}" stroke="${GREY}" stroke-opacity="0.3" fill="none"/>`,
    ),
  ];
  // Names beside the ends of their lines, and apart.
  let lastNameTop = Number.NEGATIVE_INFINITY;
  const byEnd = lines.map((line, index) => ({ ...line, color: COLORS[index % COLORS.length] as string }));
  byEnd.sort((a, b) => (b.points.at(-1)?.[1] ?? 0) - (a.points.at(-1)?.[1] ?? 0));
  for (const { name, points: ofLine, color } of byEnd) {
    const [endX, endY] = ofLine.at(-1) ?? [Number.NaN, Number.NaN];
    if (Number.isNaN(endX)) continue;
    const path = ofLine.map(([px, py]) => `${left(px).toFixed(1)} ${top(py).toFixed(1)}`).join("L");
    parts.push(`<path d="M${path}" stroke="${color}" stroke-width="2" fill="none"/>`);
    for (const [px, py] of ofLine) {
      parts.push(`<circle cx="${left(px).toFixed(1)}" cy="${top(py).toFixed(1)}" r="3" fill="${color}"/>`);
    }
    lastNameTop = Math.max(lastNameTop + 14, top(endY) + 4);
    parts.push(text(name, { x: left(endX) + 8, y: lastNameTop, extra: `fill="${color}"` }));
  }
  return parts.join("\n");
}

interface Scale {
  readonly ticks: readonly number[];
  place(value: number): number;
}

/** Logarithmic, from a power of ten to a power of ten or half of one. */
function scale(values: readonly number[], length: number): Scale {
  const least = Math.floor(Math.log10(Math.min(...values)));
  const most = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...values)) * 2) / 2);
  const ticks = Array.from({ length: Math.floor(most - least) + 1 }, (_, index) => 10 ** (least + index));
  return { ticks, place: (value) => ((Math.log10(value) - least) / (most - least)) * length };
}

function short(value: number): string {
  if (value >= 1e6) return `${value / 1e6} M`;
  return value >= 1e3 ? `${value / 1e3} k` : String(Number(value.toPrecision(2)));
}

function text(says: string, { x, y, extra = "" }: { x: number; y: number; extra?: string }): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${extra}>${escaped(says)}</text>`;
}

function escaped(says: string): string {
  return says.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
