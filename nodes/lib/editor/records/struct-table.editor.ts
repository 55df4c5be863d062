import { PropertyError } from "../../config/errors";
import type { Translate } from "../../text/sentence";
import { parseStructTemplate, type SavedStructField } from "../../udp/decoders/struct/struct-template";
import { STRUCT_TYPES } from "../../udp/decoders/struct/struct-type";
import { nameRemoveButton } from "../parts/remove-button.editor";

type Column = keyof SavedStructField;

/** In this order, with the share of the row's width that they take. */
const WIDTHS: Readonly<Record<Column, number>> = {
  name: 2.1,
  type: 1.9,
  offset: 1.3,
  endianness: 1.2,
  scale: 1.1,
  unit: 1,
};
const COLUMNS = Object.keys(WIDTHS) as readonly Column[];

const TYPES_ID = "sensorcast-struct-types";

/** The part of Node-RED's editableList that a table of rows needs. */
interface EditableList {
  editableList(options: {
    header: JQuery;
    addItem(row: JQuery, index: number, field: SavedStructField): void;
    removeItem(): void;
    sortItems(): void;
    addButton: string;
    sortable: boolean;
    removable: boolean;
    height: number | "auto";
  }): void;
  editableList(command: "addItems", fields: readonly SavedStructField[]): void;
  editableList(command: "empty"): void;
  editableList(command: "items"): JQuery;
}

export interface StructTableOptions {
  translate: Translate;
  /** Where it says how long a record is, or what is wrong. */
  summary: JQuery;
  /** Something was entered, added, moved or removed. */
  changed(): void;
}

/** The table in which a user describes a binary record, a row per field. */
export class StructTable {
  readonly #list: EditableList;
  readonly #options: StructTableOptions;

  constructor(element: JQuery, options: StructTableOptions) {
    this.#options = options;
    this.#list = element as unknown as EditableList;
    const changed = (): void => this.#changed();
    this.#list.editableList({
      header: $("<div>", { class: "sensorcast-cells" }).append(
        COLUMNS.map((column) => this.#cell("span", column).text(this.#say(column))),
      ),
      addItem: (row, _index, field) => this.#fillRow(row, field),
      removeItem: changed,
      sortItems: changed,
      addButton: this.#say("add"),
      sortable: true,
      removable: true,
      height: "auto",
    });
    element.on("input change", changed);
    element.after($("<datalist>", { id: TYPES_ID }).append(STRUCT_TYPES.map((type) => $("<option>", { value: type }))));
  }

  show(fields: readonly SavedStructField[]): void {
    this.#list.editableList("addItems", fields);
    this.#changed();
  }

  replace(fields: readonly SavedStructField[]): void {
    this.#list.editableList("empty");
    this.show(fields);
  }

  /** The rows as they are to be saved. */
  fields(): SavedStructField[] {
    return this.#rows().map((row) => {
      const field: Partial<Record<Column, string>> = {};
      for (const input of row.find<HTMLInputElement | HTMLSelectElement>("[data-column]").toArray()) {
        field[input.dataset.column as Column] = input.value.trim();
      }
      return field;
    });
  }

  #rows(): JQuery[] {
    const rows = this.#list.editableList("items").toArray();
    return rows.map((row) => $(row)).filter((row) => row.closest(".red-ui-editableList-item-deleting").length === 0);
  }

  #fillRow(row: JQuery, field: SavedStructField): void {
    const isNew = field.name === undefined;
    row
      .addClass("sensorcast-cells")
      .append(
        this.#textInput("name", field),
        this.#typeInput(field),
        this.#textInput("offset", field),
        this.#select("endianness", ["little", "big"], field),
        this.#textInput("scale", field),
        this.#textInput("unit", field),
      );
    nameRemoveButton(row, this.#options.translate);
    if (!isNew) return;
    row.find("input").first().trigger("focus");
    this.#changed();
  }

  #changed(): void {
    this.#showSummary();
    this.#options.changed();
  }

  /** Also the offsets that rows without one get. */
  #showSummary(): void {
    const { summary, translate } = this.#options;
    try {
      const fields = parseStructTemplate(this.fields(), "structTemplate");
      const ends = fields.map(({ offset, bytes }) => offset + bytes);
      for (const [index, row] of this.#rows().entries()) {
        row.find("[data-column=offset]").attr("placeholder", String(fields[index]?.offset ?? ""));
      }
      summary.text(fields.length === 0 ? "" : translate("udp-sensor-in.struct.length", { bytes: Math.max(...ends) }));
      summary.removeClass("sensorcast-wrong");
    } catch (error) {
      if (!(error instanceof PropertyError)) throw error;
      error.nodeType = "udp-sensor-in";
      summary.text(error.translated(translate)).addClass("sensorcast-wrong");
    }
  }

  #cell<T extends "span" | "input" | "select">(tag: T, column: Column): JQuery {
    return $(`<${tag}>`)
      .attr({ title: this.#say(`${column}Hint`) })
      .css({ flex: `${WIDTHS[column]} 1 0`, minWidth: 0, width: 0 });
  }

  #input(tag: "input" | "select", column: Column): JQuery {
    return this.#cell(tag, column).attr({ "data-column": column, "aria-label": this.#say(column) });
  }

  #textInput(column: Column, field: SavedStructField): JQuery {
    return this.#input("input", column)
      .attr("type", "text")
      .val(field[column] ?? "");
  }

  /** Text, since types such as `u8:3` have a number in them; one of each kind is proposed. */
  #typeInput(field: SavedStructField): JQuery {
    return this.#input("input", "type")
      .attr({ type: "text", list: TYPES_ID })
      .val(field.type ?? "u8");
  }

  #select(column: "endianness", choices: readonly string[], field: SavedStructField): JQuery {
    const options = choices.map((choice) => $("<option>", { value: choice, text: this.#say(choice) }));
    return this.#input("select", column)
      .append(options)
      .val(field[column] ?? (choices[0] as string));
  }

  #say(key: string): string {
    return this.#options.translate(`udp-sensor-in.struct.${key}`, {});
  }
}
