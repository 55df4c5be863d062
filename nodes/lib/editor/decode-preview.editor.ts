import type { PreviewRow } from "../cockpit/listener-endpoints";
import { usesEnvironment } from "../config/environment";
import { type Sentence, type Translate, translated } from "../text/sentence";
import { BINARY_FORMATS, type Format } from "../udp/decoders/formats";
import { parseStructTemplate } from "../udp/decoders/struct/struct-template";
import type { DecodeOptions } from "./format-guess";
import { base64Of, bytesOf, bytesOfHex, hexOf, shownBytes, textIn } from "./parts/shown-bytes";
import { type PreviewTable, previewTable } from "./preview-table";
import { layout } from "./records/record-layout";

export interface PreviewOptions {
  /** Of the node, which may not be deployed yet. */
  readonly id: string;
  readonly translate: Translate;
  /** All options of the node as they stand in the dialog. */
  options(): DecodeOptions;
}

const INTERVAL_MS = 2000;
const PAUSE_MS = 300;

/** Shows what the last datagrams would become with the options as they stand in the dialog: the runtime's decoder says it. */
export class DecodePreview {
  readonly #box: JQuery;
  readonly #sample: JQuery;
  readonly #options: PreviewOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  /** @param box where results are shown @param sample where a user may enter a datagram of their own */
  constructor(box: JQuery, sample: JQuery, options: PreviewOptions) {
    this.#box = box.attr("role", "status");
    this.#sample = sample;
    this.#options = options;
    sample.on("input", () => this.changed());
    void this.#refresh();
  }

  /** The options or the sample are others now. */
  changed(): void {
    this.#schedule(PAUSE_MS);
  }

  /** Payloads that the datagrams would become with some options; `undefined` if one of them cannot be decoded. */
  async payloads(options: DecodeOptions): Promise<readonly string[] | undefined> {
    const { previews } = await this.#ask({ ...this.#options.options(), ...options });
    if (previews.some(({ error }) => error !== null)) return undefined;
    return previews.flatMap(({ readings }) => readings.map(({ payload }) => payload));
  }

  #schedule(pauseMs: number): void {
    clearTimeout(this.#timer);
    if (this.#box[0]?.isConnected) this.#timer = setTimeout(() => void this.#refresh(), pauseMs);
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#box[0]?.isConnected) return;
    const options = this.#options.options();
    const question = ++this.#asked;
    try {
      const answer = this.#box.is(":visible") ? await this.#ask(options) : undefined;
      // Meanwhile something else may have been entered, and its answer be here already.
      if (question !== this.#asked) return;
      if (answer !== undefined) this.#show(answer.previews, options);
    } catch (error) {
      if (question !== this.#asked) return;
      this.#box.empty().append(this.#wrong(problemIn(error)));
    }
    this.#schedule(INTERVAL_MS);
  }

  async #ask(options: DecodeOptions): Promise<{ readonly previews: readonly PreviewRow[] }> {
    const datagrams = this.#sampleDatagrams(options.format);
    return await $.ajax({
      url: `sensorcast/udp/${encodeURIComponent(this.#options.id)}/preview`,
      method: "POST",
      contentType: "application/json",
      data: JSON.stringify({ options, ...(datagrams === undefined ? {} : { datagrams }) }),
    });
  }

  /** What was entered by hand: for binary formats in hexadecimal. */
  #sampleDatagrams(format: Format): string[] | undefined {
    const entered = String(this.#sample.val());
    if (entered === "") return undefined;
    const bytes = BINARY_FORMATS.includes(format) ? bytesOfHex(entered) : undefined;
    return [base64Of(bytes ?? new TextEncoder().encode(entered))];
  }

  #show(previews: readonly PreviewRow[], options: DecodeOptions): void {
    this.#box.empty();
    if (previews.length === 0) this.#box.append($("<p>").text(this.#say("nothing")));
    const table = options.format === "csv" ? previewTable(previews) : undefined;
    if (table !== undefined) this.#box.append(this.#tableOf(table));
    const others = table === undefined ? previews : previews.filter(({ error }) => error !== null);
    for (const row of others) this.#box.append(this.#rowOf(row, options));
  }

  #tableOf({ columns, rows }: PreviewTable): JQuery {
    const heading = (text: string): JQuery => $("<th>", { scope: "col" }).text(text);
    const head = $("<tr>").append(heading(this.#say("topic")), columns.map(heading));
    const body = rows.map(({ topic, cells }) => {
      const texts = cells.map(({ text, isNumber }) => $("<td>").text(text).toggleClass("sensorcast-number", isNumber));
      return $("<tr>").append($("<td>").text(topic), texts);
    });
    const table = $("<table>").append($("<thead>").append(head), $("<tbody>").append(body));
    return $("<div>", { class: "sensorcast-preview-table" }).append(table);
  }

  #rowOf({ ip, data, count, readings, error, at }: PreviewRow, options: DecodeOptions): JQuery {
    const row = $("<div>", { class: "sensorcast-datagram" });
    const bytes = bytesOf(data);
    row.append($("<span>").text(ip), " ", error === null ? datagramOf(bytes, options) : brokenAt(bytes, at));
    if (error !== null) return row.append(this.#wrong(error));
    for (const { topic, payload } of readings) {
      const line = $("<div>").append("→ ", $("<b>").text(topic), " ", $("<code>").text(payload));
      row.append(line);
    }
    if (count > readings.length) row.append($("<div>").text(this.#say("more", { count: count - readings.length })));
    return row;
  }

  #wrong(problem: Sentence | string): JQuery {
    const text = typeof problem === "string" ? problem : translated(problem, this.#options.translate);
    return $("<div>", { class: "sensorcast-wrong" }).text(text);
  }

  #say(key: string, values: Record<string, string | number> = {}): string {
    return this.#options.translate(`udp-sensor-in.preview.${key}`, values);
  }
}

/** A failed request of jQuery brings the runtime's sentence, if it got that far. */
function problemIn(error: unknown): Sentence | string {
  const { responseJSON, statusText } = error as { responseJSON?: { problem?: Sentence }; statusText?: string };
  return responseJSON?.problem ?? statusText ?? String(error);
}

function datagramOf(bytes: Uint8Array, { format, structTemplate }: DecodeOptions): JQuery {
  return format === "struct" && !usesEnvironment(structTemplate)
    ? ruler(bytes, structTemplate)
    : $("<code>").text(shownBytes(bytes));
}

/** The bytes of a record, those of a field together, with the field's name on them. */
function ruler(bytes: Uint8Array, template: unknown): JQuery {
  const code = $("<code>", { class: "sensorcast-ruler" });
  let next = 0;
  const add = (end: number): JQuery => {
    const part = $("<span>").text(hexOf(bytes.subarray(next, end)));
    if (end > next) code.append(part, " ");
    next = Math.max(next, end);
    return part;
  };
  for (const { name, start, end } of layout(parseStructTemplate(template, "structTemplate"), bytes.length)) {
    add(start);
    add(end).addClass("sensorcast-field").attr({ title: name });
  }
  add(bytes.length);
  return code;
}

/** A datagram with a mark where its decoder gave up. */
function brokenAt(bytes: Uint8Array, at: number | null): JQuery {
  const code = $("<code>");
  if (at === null) return code.text(shownBytes(bytes));
  const isText = textIn(bytes) !== undefined;
  const show = (part: Uint8Array): string => (isText ? new TextDecoder().decode(part) : hexOf(part));
  return code.append(
    document.createTextNode(show(bytes.subarray(0, at))),
    $("<mark>").text(at < bytes.length ? show(bytes.subarray(at, at + 1)) : "…"),
    document.createTextNode(show(bytes.subarray(at + 1))),
  );
}
