import { nameRemoveButton } from "../parts/remove-button.editor";
import { type EditedToken, tokenListProblem } from "./edited-token";
import { TokenRow, type TokenRowOptions } from "./token-row.editor";

/** The part of Node-RED's editableList that the table needs. */
interface EditableList {
  editableList(options: {
    addItem(row: JQuery, index: number, token: Partial<EditedToken>): void;
    removeItem(token: Partial<EditedToken>): void;
    addButton: string;
    removable: boolean;
    height: "auto";
  }): void;
  editableList(command: "addItems", tokens: readonly EditedToken[]): void;
  editableList(command: "addItem", token: EditedToken): void;
}

export interface TokenTableOptions extends Omit<TokenRowOptions, "newName"> {
  /** A token is added by hand. */
  added(): void;
  /** The only one was removed. It comes back with `restore`. */
  emptied(restore: () => void): void;
}

/** The table in which a user lists tokens. */
export class TokenTable {
  readonly #list: EditableList;
  readonly #rows = new Map<object, TokenRow>();

  constructor(element: JQuery, options: TokenTableOptions) {
    this.#list = element as unknown as EditableList;
    this.#list.editableList({
      addItem: (row, _index, token) => {
        this.#rows.set(token, new TokenRow(row, token, { ...options, newName: () => this.#newName() }));
        nameRemoveButton(row, options.translate);
        if (token.name === undefined) options.added();
        options.changed();
      },
      removeItem: (token) => {
        const removed = this.#rows.get(token);
        this.#rows.delete(token);
        options.changed();
        if (this.#rows.size > 0 || removed === undefined) return;
        options.emptied(() => this.#list.editableList("addItem", removed.token()));
      },
      addButton: options.translate("ws-broadcast-server.token.add", {}),
      removable: true,
      height: "auto",
    });
  }

  show(tokens: readonly EditedToken[]): void {
    this.#list.editableList("addItems", tokens);
  }

  tokens(): EditedToken[] {
    return [...this.#rows.values()].filter((row) => !row.isRemoved()).map((row) => row.token());
  }

  #newName(): string {
    const names = new Set(this.tokens().map(({ name }) => name));
    for (let number = names.size + 1; ; number++) if (!names.has(`token-${number}`)) return `token-${number}`;
  }

  /** What is wrong with the tokens, if anything is. */
  problem() {
    return tokenListProblem(this.tokens());
  }
}
