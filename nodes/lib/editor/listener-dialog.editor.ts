import type { Fields } from "../config/fields";
import type { Translate } from "../text/sentence";
import { FORMAT_EXAMPLES } from "../udp/decoders/format-examples";
import type { SavedStructField } from "../udp/decoders/struct-template";
import { Dialog } from "./dialog.editor";
import { StructTable } from "./struct-table.editor";
import { DialogTabs } from "./tabs.editor";

const TYPE = "udp-sensor-in";
const TABS = ["receive", "decode", "limits"] as const;

/** The dialog of a `udp-sensor-in` while it is open. */
export class ListenerDialog {
  readonly #dialog: Dialog;
  readonly #translate: Translate;
  readonly #record: StructTable;

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
      changed: () => undefined,
    });
    if (Array.isArray(node.structTemplate)) this.#record.show(node.structTemplate as SavedStructField[]);
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
