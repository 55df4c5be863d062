import { type SavedStructField, STRUCT_TYPES } from "../udp/decoders/struct-template";

type Column = keyof SavedStructField;

/** Columns of free text, with the share of the row's width that they take. */
const TEXT_WIDTHS = { name: 2.4, offset: 1.2, scale: 1.2, unit: 1.2 };

/** The part of Node-RED's editableList that a table of rows needs. */
interface EditableList {
  editableList(options: {
    addItem(row: JQuery, index: number, field: SavedStructField): void;
    addButton: string;
    sortable: boolean;
    removable: boolean;
    height: number | "auto";
  }): void;
  editableList(command: "addItem", field: SavedStructField): void;
  editableList(command: "addItems", fields: readonly SavedStructField[]): void;
  editableList(command: "items"): JQuery;
}

/** The table in which a user describes a binary record, a row per field. */
export class StructTable {
  readonly #list: EditableList;
  readonly #translate: (key: string) => string;

  /** @param translate the text for a key below `struct` of the node's messages */
  constructor(element: JQuery, translate: (key: string) => string) {
    this.#translate = translate;
    this.#list = element as unknown as EditableList;
    this.#list.editableList({
      addItem: (row, _index, field) => this.#fillRow(row, field),
      addButton: translate("add"),
      sortable: true,
      removable: true,
      height: "auto",
    });
  }

  show(fields: readonly SavedStructField[]): void {
    this.#list.editableList("addItems", fields);
  }

  /** The rows as they are to be saved. */
  fields(): SavedStructField[] {
    const rows = this.#list.editableList("items").toArray();
    return rows.map((row) => {
      const field: Partial<Record<Column, string>> = {};
      for (const input of $(row).find<HTMLInputElement | HTMLSelectElement>("[data-column]").toArray()) {
        field[input.dataset.column as Column] = input.value.trim();
      }
      return field;
    });
  }

  #fillRow(row: JQuery, field: SavedStructField): void {
    row
      .css({ display: "flex", gap: "4px" })
      .append(
        this.#textInput("name", field),
        this.#select("type", STRUCT_TYPES, field),
        this.#textInput("offset", field),
        this.#select("endianness", ["little", "big"], field),
        this.#textInput("scale", field),
        this.#textInput("unit", field),
      );
  }

  #textInput(column: keyof typeof TEXT_WIDTHS, field: SavedStructField): JQuery {
    return $("<input>", { type: "text", placeholder: this.#translate(column), title: this.#translate(`${column}Hint`) })
      .attr("data-column", column)
      .css({ flex: `${TEXT_WIDTHS[column]} 1 0`, minWidth: 0, width: 0 })
      .val(field[column] ?? "");
  }

  #select(column: "type" | "endianness", choices: readonly string[], field: SavedStructField): JQuery {
    const options = choices.map((choice) =>
      $("<option>", { value: choice, text: column === "type" ? choice : this.#translate(choice) }),
    );
    return $("<select>", { title: this.#translate(`${column}Hint`) })
      .attr("data-column", column)
      .css({ flex: "1.3 1 0", minWidth: 0, width: 0 })
      .append(options)
      .val(field[column] ?? (choices[0] as string));
  }
}
