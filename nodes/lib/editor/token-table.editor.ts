import { parseTokenList } from "../access/token-list";

/** A token as the table shows and saves it: with its text when it was entered just now, else with the hash of it. */
export interface EditedToken {
  readonly name: string;
  readonly token?: string;
  readonly sha256?: string;
  readonly topics: readonly string[];
  readonly expires: string;
}

type Column = "name" | "token" | "topics" | "expires";

const GENERATED_BYTES = 32;

/** The part of Node-RED's editableList that the table needs. */
interface EditableList {
  editableList(options: {
    addItem(row: JQuery, index: number, token: Partial<EditedToken>): void;
    addButton: string;
    removable: boolean;
    height: "auto";
  }): void;
  editableList(command: "addItems", tokens: readonly EditedToken[]): void;
  editableList(command: "items"): JQuery;
}

/** The table in which a user lists tokens, two lines for each. */
export class TokenTable {
  readonly #list: EditableList;
  readonly #translate: (key: string) => string;
  readonly #onAdd: () => void;
  readonly #hashes = new WeakMap<HTMLElement, string>();

  /**
   * @param translate the text for a key below `token` of the node's messages
   * @param onAdd a token is added by hand
   */
  constructor(element: JQuery, translate: (key: string) => string, onAdd: () => void) {
    this.#translate = translate;
    this.#onAdd = onAdd;
    this.#list = element as unknown as EditableList;
    this.#list.editableList({
      addItem: (row, _index, token) => this.#fillRow(row, token),
      addButton: translate("add"),
      removable: true,
      height: "auto",
    });
  }

  show(tokens: readonly EditedToken[]): void {
    this.#list.editableList("addItems", tokens);
  }

  tokens(): EditedToken[] {
    const rows = this.#list.editableList("items").toArray();
    return rows.map((row) => {
      const text = (column: Column): string => String($(row).find(`[data-column=${column}]`).val()).trim();
      const sha256 = this.#hashes.get($(row).find<HTMLElement>("[data-column=token]")[0] as HTMLElement);
      const token = text("token");
      return {
        name: text("name"),
        ...(token === "" && sha256 !== undefined ? { sha256 } : { token }),
        topics: text("topics")
          .split(/[\s,]+/)
          .filter((topic) => topic !== ""),
        expires: text("expires"),
      };
    });
  }

  /** @returns a sentence about what is wrong with the tokens, if anything is */
  problem(): string | undefined {
    try {
      parseTokenList(this.tokens());
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #fillRow(row: JQuery, token: Partial<EditedToken>): void {
    const isNew = token.name === undefined;
    if (isNew) this.#onAdd();
    const secret = this.#input("token", token.token ?? "", token.sha256 === undefined ? "token" : "unchanged");
    if (token.sha256 !== undefined) this.#hashes.set(secret[0] as HTMLElement, token.sha256);
    // Not a password field: browsers would offer to save it. What is shown was entered in this very session.
    secret.attr({ autocomplete: "off", spellcheck: "false" });
    const generate = $("<button>", { type: "button", class: "red-ui-button", text: this.#translate("generate") });
    generate.on("click", () => secret.val(randomToken()).trigger("select"));
    row.append(
      line(this.#input("name", token.name ?? ""), this.#input("topics", (token.topics ?? ["#"]).join(", "))),
      line(secret, generate, this.#input("expires", token.expires ?? "")),
    );
  }

  #input(column: Column, value: string, placeholder: string = column): JQuery {
    const attributes = {
      type: "text",
      placeholder: this.#translate(placeholder),
      title: this.#translate(`${column}Hint`),
    };
    return $("<input>", attributes)
      .attr("data-column", column)
      .css({ flex: column === "expires" ? "1 1 0" : "2 1 0", minWidth: 0, width: 0 })
      .val(value);
  }
}

function line(...elements: JQuery[]): JQuery {
  return $("<div>")
    .css({ display: "flex", gap: "4px", marginBottom: "4px" })
    .append(...elements);
}

/** In base64url, which can be sent in every way. */
function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(GENERATED_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
