import type { Reading } from "../client.mjs";
import { digitsOf, formatValue } from "./format";
import { SensorElement, sheetOf } from "./sensor-element";
import { type FieldValue, valuesOf } from "./values";

const STYLE = sheetOf(":host { display: inline-block; } .unit { opacity: .75; }");

/** `<sensor-value topic="boiler">`: the newest value of a topic, with its unit. With `field`, that of a field of it. */
export class SensorValue extends SensorElement {
  readonly #value: HTMLElement;
  readonly #unit: HTMLElement;
  #shown: FieldValue | undefined;
  #digits = 0;

  constructor() {
    const value = document.createElement("span");
    const unit = document.createElement("span");
    value.part.add("value");
    unit.part.add("unit");
    unit.className = "unit";
    // The voice says it, at a pace that can be followed.
    for (const element of [value, unit]) element.setAttribute("aria-hidden", "true");
    super([STYLE], value, " ", unit);
    this.#value = value;
    this.#unit = unit;
  }

  protected override begin(): void {
    this.#shown = undefined;
    this.#digits = 0;
    this.#value.textContent = "–";
    this.#unit.textContent = "";
  }

  protected override take({ topic, payload }: Reading): void {
    const values = valuesOf(topic, payload);
    const field = this.getAttribute("field");
    const found = field === null ? values[0] : values.find((value) => value.field === field);
    if (found === undefined) return;
    this.#shown = found;
    if (typeof found.value === "number") this.#digits = Math.max(this.#digits, digitsOf(found.value));
  }

  protected override paint(): void {
    if (this.#shown === undefined) return;
    const { value, unit } = this.#shown;
    this.#value.textContent = formatValue(value, typeof value === "number" ? this.#digits : undefined);
    this.#unit.textContent = unit;
    this.announce(`${this.getAttribute("aria-label")}: ${this.#value.textContent} ${unit}`);
  }

  protected override end(): void {
    this.#shown = undefined;
  }
}
