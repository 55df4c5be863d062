import { formatAge, formatNumber, formatRate, formatValue } from "../elements/format";
import { create, setText } from "./dom";
import type { Signal } from "./signal";
import { drawSparkline, spanOf } from "./sparkline";
import type { Theme } from "./theme";

/** A value that is longer is shown smaller. */
const LONG_CHARACTERS = 12;
const MAX_NAME_CHARACTERS = 120;

/** What the page shows of one signal. */
export class Row {
  readonly signal: Signal;
  readonly element: HTMLElement;
  /** Puts the signal into the chart. */
  readonly pick: HTMLButtonElement;
  /** On the clock of animation frames. */
  paintedAt = Number.NEGATIVE_INFINITY;
  readonly #value = create("span", "value");
  readonly #unit = create("span", "unit");
  readonly #canvas = create("canvas", "spark");
  readonly #age = create("span", "age");
  readonly #rate = create("span", "rate");
  readonly #range = create("span", "range");
  #isVisible = false;

  constructor(signal: Signal) {
    this.signal = signal;
    const { topic, field } = signal;
    const name = create("h3", "name", shortened(topic));
    if (field !== "") name.append(create("span", "field", ` › ${shortened(field)}`));
    this.#canvas.setAttribute("aria-hidden", "true");
    this.pick = create("button", "pick");
    this.pick.type = "button";
    this.pick.title = "Show in the chart";
    this.pick.setAttribute("aria-label", `Show ${shortened(signal.label)} in the chart`);
    this.pick.setAttribute("aria-pressed", "false");
    const reading = create("p", "reading", this.#value, " ", this.#unit);
    const facts = create("p", "facts", this.#age, this.#rate, this.#range);
    this.element = create("article", "row", name, this.pick, reading, this.#canvas, facts);
  }

  get isVisible(): boolean {
    return this.#isVisible;
  }

  set isVisible(isVisible: boolean) {
    this.#isVisible = isVisible;
    this.fit();
  }

  /** Gives the picture as many pixels as it takes; none to one that is scrolled away, which would only cost memory. */
  fit(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = this.#isVisible ? Math.round(clientWidth * devicePixelRatio) : 0;
    this.#canvas.height = this.#isVisible ? Math.round(clientHeight * devicePixelRatio) : 0;
  }

  /** @param now by the server's clock */
  paint(now: number, theme: Theme): void {
    const { value, unit, digits, series } = this.signal;
    const text = formatValue(value, typeof value === "number" ? digits : undefined);
    setText(this.#value, text);
    this.element.classList.toggle("is-long", text.length > LONG_CHARACTERS);
    setText(this.#unit, unit);
    this.element.classList.toggle("is-text", series.length === 0);
    const range = series.rangeFrom(spanOf(series, now).first);
    const ends = range && [range.min, range.max].map((end) => formatNumber(end, digits));
    setText(this.#range, ends === undefined ? "" : `${ends[0]} – ${ends[1]}`);
    drawSparkline(this.#canvas, series, { now, theme });
    this.tell(now);
  }

  /** Says how old the reading is. */
  tell(now: number): void {
    const { time, rate } = this.signal;
    setText(this.#age, formatAge(now - time));
    setText(this.#rate, formatRate(rate));
    this.element.classList.toggle("is-stale", this.signal.isStaleAt(now));
  }
}

function shortened(name: string): string {
  return name.length > MAX_NAME_CHARACTERS ? `${name.slice(0, MAX_NAME_CHARACTERS - 1)}…` : name;
}
