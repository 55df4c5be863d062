import { formatAge, formatNumber, formatRate, formatValue } from "../elements/format";
import { create, setText } from "./dom";
import { nameOf } from "./name";
import type { Signal } from "./signal";
import { drawSparkline, spanOf } from "./sparkline";
import type { Theme } from "./theme";

/** A value that is longer is shown smaller. */
const LONG_CHARACTERS = 12;
const NO_TOPIC = "(no topic)";

/** What the page shows of one signal. */
export class Row {
  readonly signal: Signal;
  readonly element: HTMLElement;
  /** Puts the signal into the chart. */
  readonly pick: HTMLButtonElement;
  readonly picture = create("canvas", "spark");
  /** What it is of, as it is shown. */
  readonly name: string;
  isVisible = false;
  /** On the clock of animation frames. */
  paintedAt = Number.NEGATIVE_INFINITY;
  #parts: RowParts | undefined;

  constructor(signal: Signal) {
    this.signal = signal;
    const { topic, field } = signal;
    const ofTopic = nameOf(topic) || NO_TOPIC;
    const ofField = field === "" ? "" : ` › ${nameOf(field)}`;
    this.name = `${ofTopic}${ofField}`;
    const heading = create("h3", "name", ofTopic);
    if (ofField !== "") heading.append(create("span", "field", ofField));
    this.pick = create("button", "pick");
    this.pick.type = "button";
    this.pick.title = "Show in the chart";
    this.pick.setAttribute("aria-label", `Show ${this.name} in the chart`);
    this.pick.setAttribute("aria-pressed", "false");
    this.element = create("article", "row", heading, this.pick);
  }

  /** Name and button are there from the start, so that they are found; the rest when it may soon be seen. */
  build(): void {
    if (this.#parts !== undefined) return;
    const parts = {
      value: create("span", "value"),
      unit: create("span", "unit"),
      age: create("span", "age"),
      rate: create("span", "rate"),
      range: create("span", "range"),
    };
    this.#parts = parts;
    this.picture.setAttribute("aria-hidden", "true");
    const reading = create("p", "reading", parts.value, " ", parts.unit);
    this.element.append(reading, this.picture, create("p", "facts", parts.age, parts.rate, parts.range));
  }

  /** Gives the picture as many pixels as it takes. @param size in CSS pixels */
  resize({ width, height }: { readonly width: number; readonly height: number }): void {
    this.picture.width = Math.round(width * devicePixelRatio);
    this.picture.height = Math.round(height * devicePixelRatio);
  }

  /** @param now by the server's clock */
  paint(now: number, theme: Theme): void {
    if (this.#parts === undefined) return;
    const { value, unit, digits, series } = this.signal;
    const text = formatValue(value, typeof value === "number" ? digits : undefined);
    setText(this.#parts.value, text);
    this.element.classList.toggle("is-long", text.length > LONG_CHARACTERS);
    setText(this.#parts.unit, unit);
    this.element.classList.toggle("is-text", series.length === 0);
    const range = series.rangeFrom(spanOf(series, now).first);
    const ends = range && [range.min, range.max].map((end) => formatNumber(end, digits));
    setText(this.#parts.range, ends === undefined ? "" : `${ends[0]} – ${ends[1]}`);
    drawSparkline(this.picture, series, { now, theme });
    this.tell(now);
  }

  /** Says how old the reading is. */
  tell(now: number): void {
    if (this.#parts === undefined) return;
    const { time, rate } = this.signal;
    setText(this.#parts.age, formatAge(now - time));
    setText(this.#parts.rate, formatRate(rate));
    this.element.classList.toggle("is-stale", this.signal.isStaleAt(now));
  }
}

/** What changes in a row. */
interface RowParts {
  readonly value: HTMLElement;
  readonly unit: HTMLElement;
  readonly age: HTMLElement;
  readonly rate: HTMLElement;
  readonly range: HTMLElement;
}
