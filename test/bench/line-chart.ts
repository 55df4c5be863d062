/** Of one plot: both axes are logarithmic. */
export interface LineChart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
}

interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** As wide as a page of text. */
const COLUMNS = 2;
const WIDTH = 360;
const HEIGHT = 250;
const MARGIN = { top: 34, right: 22, bottom: 46, left: 58 };
const PLOT = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
const LEGEND_HEIGHT = 30;
const LEGEND_SAMPLE = 22;
const CHARACTER_WIDTH = 6.6;
/** Told apart by the colour-blind, too, and not by colour alone. */
const DASHES = ["", "", "7 4", "2 3"];
/** A ground of its own: what a page has behind pictures is not known. Hues of Okabe and Ito (2008), darker on white. */
const STYLE = `
  .ground { fill: #ffffff } text { fill: #30363d } .grid { stroke: #d0d7de } .axis { stroke: #6e7781 }
  .line { fill: none; stroke-width: 2 } .name { font-weight: 600 }
  .s0 { stroke: #b35900 } .s1 { stroke: #0067b0 } .s2 { stroke: #00795a } .s3 { stroke: #a3457e }
  .p0 { fill: #b35900 } .p1 { fill: #0067b0 } .p2 { fill: #00795a } .p3 { fill: #a3457e }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } text { fill: #d1d7e0 } .grid { stroke: #30363d } .axis { stroke: #8b949e }
    .s0 { stroke: #ffa940 } .s1 { stroke: #58b4f5 } .s2 { stroke: #2ccf9d } .s3 { stroke: #e58fc0 }
    .p0 { fill: #ffa940 } .p1 { fill: #58b4f5 } .p2 { fill: #2ccf9d } .p3 { fill: #e58fc0 }
  }`;

/** Draws charts two in a row, as SVG that is read on a light page and on a dark one. Lines of one place have one look in all. */
export function lineCharts(charts: readonly LineChart[]): string {
  const names = [...new Set(charts.flatMap(({ lines }) => lines.map(({ name }) => name)))];
  const isLegendNeeded = names.length > 1;
  const top = isLegendNeeded ? LEGEND_HEIGHT : 0;
  const width = WIDTH * COLUMNS;
  const height = top + HEIGHT * Math.ceil(charts.length / COLUMNS);
  const drawn = charts.map((chart, index) => {
    const [column, row] = [index % COLUMNS, Math.floor(index / COLUMNS)];
    return `<g transform="translate(${column * WIDTH} ${top + row * HEIGHT})">${drawing(chart, names)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">
<style>${STYLE}
</style>
<rect class="ground" width="${width}" height="${height}"/>
${isLegendNeeded ? legend(names) : ""}
${drawn.join("\n")}
</svg>
`;
}

function legend(names: readonly string[]): string {
  let x = MARGIN.left;
  const parts = names.map((name, index) => {
    const sample = `<path class="line s${index}" stroke-dasharray="${DASHES[index]}" d="M${x} 18h${LEGEND_SAMPLE}"/>`;
    const says = text(name, { x: x + LEGEND_SAMPLE + 6, y: 22 });
    x += LEGEND_SAMPLE + 6 + name.length * CHARACTER_WIDTH + 18;
    return `${sample}${says}`;
  });
  return parts.join("\n");
}

function drawing({ title, x, y, lines }: LineChart, names: readonly string[]): string {
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
    text(title, { x: MARGIN.left, y: 20, extra: 'class="name"' }),
    text(x, { x: MARGIN.left + PLOT.width / 2, y: HEIGHT - 10, extra: 'text-anchor="middle"' }),
    `<text transform="translate(14 ${MARGIN.top + PLOT.height / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>`,
    ...up.ticks.map((tick) => `<path class="grid" d="M${MARGIN.left} ${top(tick).toFixed(1)}h${PLOT.width}"/>`),
    `<path class="axis" d="M${MARGIN.left} ${bottom}h${PLOT.width}"/>`,
    ...across.ticks.map((tick) => text(short(tick), { x: left(tick), y: bottom + 16, extra: 'text-anchor="middle"' })),
    ...up.ticks.map((tick) => text(short(tick), { x: MARGIN.left - 6, y: top(tick) + 4, extra: 'text-anchor="end"' })),
  ];
  for (const { name, points: ofLine } of lines) {
    if (ofLine.length === 0) continue;
    const look = names.indexOf(name);
    const path = ofLine.map(([px, py]) => `${left(px).toFixed(1)} ${top(py).toFixed(1)}`).join("L");
    parts.push(`<path class="line s${look}" stroke-dasharray="${DASHES[look]}" d="M${path}"/>`);
    for (const [px, py] of ofLine) {
      parts.push(`<circle class="p${look}" cx="${left(px).toFixed(1)}" cy="${top(py).toFixed(1)}" r="3"/>`);
    }
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
