import type { Fields } from "../config/fields";
import type { Translate } from "../text/sentence";
import { FORMAT_EXAMPLES } from "../udp/decoders/format-examples";
import type { SavedStructField } from "../udp/decoders/struct/struct-template";
import { ArrivalsBox } from "./arrivals-box.editor";
import { DecodePreview } from "./decode-preview.editor";
import { Dialog, entered } from "./dialog.editor";
import { type DecodeOptions, guessFormat } from "./format-guess";
import { notify } from "./parts/ask.editor";
import { bytesOf } from "./parts/shown-bytes";
import { DialogTabs } from "./parts/tabs.editor";
import { offerRecordSources } from "./records/record-sources.editor";
import { StructTable } from "./records/struct-table.editor";

const TYPE = "udp-sensor-in";
/** As many as a preview decodes. */
const GUESSED_DATAGRAMS = 8;
const TABS = ["receive", "decode", "limits"] as const;

/** The dialog of a `udp-sensor-in` while it is open. */
export class ListenerDialog {
  readonly #dialog: Dialog;
  readonly #translate: Translate;
  readonly #record: StructTable;
  readonly #arrivals: ArrivalsBox;
  readonly #preview: DecodePreview;
  readonly #options: () => DecodeOptions;

  constructor(node: EditorNode, fields: Fields, translate: Translate) {
    this.#translate = translate;
    const parts = { structTemplate: () => this.#record.fields() };
    this.#dialog = new Dialog(node, "node-input", { fields, translate, parts });
    new DialogTabs(
      $(`#${TYPE}-tabs`),
      TABS.map((tab) => ({ id: `${TYPE}-${tab}`, label: this.#say(`tab.${tab}`) })),
    );
    this.#record = new StructTable($(`#${TYPE}-structTemplate`), {
      translate,
      summary: $(`#${TYPE}-record`),
      changed: () => this.#preview?.changed(),
    });
    if (Array.isArray(node.structTemplate)) this.#record.show(node.structTemplate as SavedStructField[]);
    offerRecordSources({
      devices: $(`#${TYPE}-device`),
      source: $(`#${TYPE}-source`),
      problem: $(`#${TYPE}-source-problem`),
      translate,
      chosen: (fields) => this.#record.replace(fields),
    });
    this.#arrivals = new ArrivalsBox($(`#${TYPE}-arrivals`), node.id, translate);
    this.#options = () => optionsOf(node, fields);
    this.#preview = new DecodePreview($(`#${TYPE}-preview`), $(`#${TYPE}-trial`), {
      id: node.id,
      translate,
      options: this.#options,
    });
    $(`#${TYPE}-decode`).on("input change", () => this.#preview.changed());
    $(`#${TYPE}-guess`).on("click", () => void this.#guess());
    this.#dialog.input("format").on("change", () => this.#showFormat());
    this.#dialog.input("rejects").on("change", () => this.#countOutputs());
    this.#dialog.input("offlineAfter").on("change input", () => this.#countOutputs());
  }

  /** What Node-RED does not find by itself. */
  record(): SavedStructField[] {
    return this.#record.fields();
  }

  #showFormat(): void {
    const format = this.#dialog.text("format");
    $("#dialog-form [data-formats]").each((_, row) => {
      $(row).toggle((row.dataset.formats ?? "").split(" ").includes(format));
    });
    const example = FORMAT_EXAMPLES[format as keyof typeof FORMAT_EXAMPLES];
    const hint = $(`#${TYPE}-example`).empty();
    if (example === undefined) return;
    const code = (text: string): JQuery => $("<code>").text(text);
    hint.append($("<div>").text(this.#say(`formatHint.${format}`)));
    hint.append($("<div>").append(code(example.datagram), " → ", code(example.payload)));
  }

  /** From the datagrams that arrived last. */
  async #guess(): Promise<void> {
    const datagrams = this.#arrivals.recent.slice(0, GUESSED_DATAGRAMS).map(({ data }) => bytesOf(data));
    if (datagrams.length === 0) return notify(this.#say("preview.nothing"), "warning");
    const guessed = await guessFormat(datagrams, (options) => this.#preview.payloads(options));
    for (const [property, value] of Object.entries(guessed)) {
      this.#dialog.input(property).val(String(value)).trigger("change");
    }
  }

  #countOutputs(): void {
    const isNeverOffline = ["", "0"].includes(this.#dialog.text("offlineAfter"));
    const rejects = this.#dialog.input("rejects");
    const hasRejects = rejects.is("[type=checkbox]") ? rejects.is(":checked") : true;
    this.#dialog.input("outputs").val(hasRejects || !isNeverOffline ? 2 : 1);
  }

  #say(key: string): string {
    return this.#translate(`${TYPE}.${key}`, {});
  }
}

/** What the dialog holds now, and of what it does not show, what is saved. */
function optionsOf(node: EditorNode, fields: Fields): DecodeOptions {
  const known = { ...node, ...entered(node) };
  return Object.fromEntries(Object.keys(fields).map((property) => [property, known[property]])) as DecodeOptions;
}
