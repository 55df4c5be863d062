import { ChartPanel } from "./chart-panel.js";
import { Connection } from "./connection.js";
import { csvOf } from "./csv.js";
import { byId, setText } from "./dom.js";
import { Pace } from "./pace.js";
import { Painter } from "./painter.js";
import { Row } from "./row.js";
import { RowList } from "./row-list.js";
import { ScrollAnchor } from "./scroll-anchor.js";
import { ServerClock } from "./server-clock.js";
import type { Signal } from "./signal.js";
import { SignalStore } from "./signal-store.js";
import { currentTheme, onThemeChange } from "./theme.js";
import { TokenStore } from "./token-store.js";
import { Viewport } from "./viewport.js";

/** Above so many rows the page starts in compact form. */
const MANY = 60;
const TICK_MS = 1000;
/** Of the time, for putting thousands of new rows into their places: they come in steps rather than stop the page. */
const MAX_LAYOUT_SHARE = 0.2;

const clock = new ServerClock();
/** When the page was paused, on the server's clock. */
let pausedAt: number | undefined;
const now = (): number => pausedAt ?? clock.now();

const filter = byId<HTMLInputElement>("filter");
const compact = byId<HTMLInputElement>("compact");
const tree = byId<HTMLInputElement>("tree");
const hideStale = byId<HTMLInputElement>("hide-stale");
const pause = byId<HTMLButtonElement>("pause");
const main = byId("rows");

const rows = new Map<Signal, Row>();
const painter = new Painter(currentTheme(), now);
const chart = new ChartPanel(currentTheme(), now);
// Also while the page is paused: what was scrolled to has to show something.
const viewport = new Viewport((seen) => {
  for (const row of seen) row.paint(now(), painter.theme);
  anchor.keep();
});
const anchor = new ScrollAnchor(main, byId("tools"));
const list = new RowList(main, {
  watch(block) {
    viewport.watch(block);
    anchor.watch(block);
  },
  unwatch(block) {
    viewport.unwatch(block);
    anchor.unwatch(block);
  },
  toggled: layOut,
});
const layouts = new Pace(MAX_LAYOUT_SHARE);
let isLayoutDue = false;
let hasChosenForm = false;

const store = new SignalStore(
  {
    added(signal) {
      const row = new Row(signal);
      rows.set(signal, row);
      row.pick.addEventListener("click", () => {
        if (chart.rows.length === 0) anchor.letGo();
        chart.toggle(row);
      });
      viewport.add(row);
      list.add(row);
      isLayoutDue = true;
    },
    changed(signal) {
      const row = rows.get(signal);
      if (row !== undefined) painter.note(row);
    },
    removed(signal) {
      const row = rows.get(signal);
      if (row === undefined) return;
      viewport.remove(row);
      chart.drop(row);
      painter.forget(row);
      list.remove(row);
      rows.delete(signal);
      isLayoutDue = true;
    },
  },
  () => clock.now(),
);

let received = 0;
const connection = new Connection(new TokenStore(location.pathname), {
  received(reading) {
    received++;
    store.take(reading);
  },
  tokenChanged: () => store.clear(),
});

function layOut(): void {
  isLayoutDue = false;
  layouts.measure(() => {
    if (!hasChosenForm) compact.checked = store.size > MANY;
    anchor.hold(() => {
      main.classList.toggle("is-compact", compact.checked);
      list.layOut({ filter: filter.value, hidesStale: hideStale.checked, isTree: tree.checked }, now());
    });
    viewport.refresh();
  });
  byId("empty").hidden = store.size > 0;
  byId("nothing-matches").hidden = store.size === 0 || list.shown.length > 0;
}

filter.addEventListener("input", layOut);
tree.addEventListener("change", layOut);
hideStale.addEventListener("change", layOut);
compact.addEventListener("change", () => {
  hasChosenForm = true;
  layOut();
});
pause.addEventListener("click", () => {
  pausedAt = pausedAt === undefined ? clock.now() : undefined;
  const isPaused = pausedAt !== undefined;
  painter.isPaused = isPaused;
  pause.setAttribute("aria-pressed", String(isPaused));
  setText(pause, isPaused ? "Go on" : "Pause");
  if (!isPaused) layOut();
});
byId("csv").addEventListener("click", () => {
  const span = chart.zoomed ?? { from: 0, to: now() };
  const signals = list.shown.map(({ signal }) => signal);
  const url = URL.createObjectURL(new Blob([csvOf(signals, span)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `readings-${new Date(span.to).toISOString().replaceAll(":", "-").slice(0, 19)}.csv`;
  link.click();
  URL.revokeObjectURL(url);
});
onThemeChange(() => {
  painter.theme = currentTheme();
  chart.theme = currentTheme();
  for (const row of rows.values()) painter.note(row);
});

let tickedAt = performance.now();
setInterval(() => {
  const seconds = (performance.now() - tickedAt) / 1000;
  tickedAt = performance.now();
  connection.tick();
  const topics = `${store.topicCount} ${store.topicCount === 1 ? "topic" : "topics"}${store.isFull ? " and more" : ""}`;
  setText(byId("counts"), `${topics}, ${Math.round(received / seconds)} readings/s`);
  received = 0;
  for (const signal of store) signal.tick(seconds);
  if (pausedAt !== undefined) return;
  for (const row of rows.values()) if (row.isVisible) row.tell(now());
  if (hideStale.checked) layOut();
}, TICK_MS);

requestAnimationFrame(function frame(time) {
  if (pausedAt === undefined) {
    if (isLayoutDue && layouts.isDue) layOut();
    chart.tick(time);
  }
  requestAnimationFrame(frame);
});
await clock.adjust();
