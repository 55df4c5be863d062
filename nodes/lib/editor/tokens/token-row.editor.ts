import type { Translate } from "../../text/sentence";
import { columnProblem, type EditedToken, type TokenColumn } from "./edited-token";
import { tokenSnippets } from "./token-snippets";

export interface TokenRowOptions {
  translate: Translate;
  /** The address that a client uses. */
  url(): string;
  /** For a new one, that no other has. */
  newName(): string;
  /** Something was entered. */
  changed(): void;
}

const COLUMNS: readonly TokenColumn[] = ["name", "topics", "expires", "token"];
const GENERATED_BYTES = 32;

let rowCount = 0;

/** One token in the table of a dialog. Its text is shown only while it has not been saved. */
export class TokenRow {
  readonly #inputs: Readonly<Record<TokenColumn, JQuery>>;
  readonly #row: JQuery;
  readonly #options: TokenRowOptions;
  readonly #sha256: string | undefined;
  readonly #usage = $("<details>", { class: "sensorcast-wide" });
  readonly #id = `sensorcast-token-${++rowCount}`;

  /** @param token none of its properties for a new one, which gets a name, a text, and the focus */
  constructor(row: JQuery, token: Partial<EditedToken>, options: TokenRowOptions) {
    this.#row = row;
    this.#options = options;
    this.#sha256 = token.sha256;
    this.#inputs = {
      name: this.#input("name", token.name ?? options.newName()),
      topics: this.#input("topics", (token.topics ?? ["#"]).join(", ")),
      expires: this.#input("expires", token.expires ?? ""),
      token: this.#input("token", token.name === undefined ? randomToken() : (token.token ?? "")),
    };
    const { name, topics, expires, token: secret } = this.#inputs;
    // Not a password field: browsers would offer to save it. What is shown was entered in this very session.
    secret.attr({ autocomplete: "off", spellcheck: "false" });
    if (this.#sha256 !== undefined) secret.attr("placeholder", this.#say("unchanged"));
    const generate = this.#button("generate", "refresh", () =>
      secret.val(randomToken()).trigger("input").trigger("select"),
    );
    const copy = this.#button("copy", "clipboard", () => RED.clipboard.copyText(String(secret.val()), copy));
    const secretLine = $("<div>", { class: "sensorcast-secret" }).append(secret, generate, copy);
    row.append(
      $("<div>", { class: "sensorcast-token" }).append(
        this.#labelled("name", name),
        this.#labelled("topics", topics),
        this.#labelled("token", secretLine).addClass("sensorcast-wide"),
        this.#labelled("expires", expires),
        this.#usage,
      ),
    );
    row.on("input", () => this.#entered());
    this.#entered();
    if (token.name === undefined) name.trigger("focus").trigger("select");
  }

  /** Removed rows fade away. */
  isRemoved(): boolean {
    return this.#row.closest(".red-ui-editableList-item-deleting").length > 0;
  }

  token(): EditedToken {
    const text = (column: TokenColumn): string => String(this.#inputs[column].val()).trim();
    const token = text("token");
    return {
      name: text("name"),
      ...(token === "" && this.#sha256 !== undefined ? { sha256: this.#sha256 } : { token }),
      topics: text("topics")
        .split(/[\s,]+/)
        .filter((topic) => topic !== ""),
      expires: text("expires"),
    };
  }

  #entered(): void {
    const token = this.token();
    for (const column of COLUMNS) {
      const problem = columnProblem(token, column)?.translated(this.#options.translate);
      const title = problem ?? this.#say(`${column}Hint`);
      this.#inputs[column]
        .toggleClass("input-error", problem !== undefined)
        .attr({ title, "aria-invalid": problem ? "true" : "false" });
    }
    this.#showUsage(token.token ?? "");
    this.#options.changed();
  }

  /** Ready to be copied, as long as the token itself is known here. */
  #showUsage(token: string): void {
    this.#usage.prop("hidden", token === "").empty();
    if (token === "") return;
    this.#usage.append($("<summary>").text(this.#say("usage")));
    for (const [way, snippet] of Object.entries(tokenSnippets(this.#options.url(), token))) {
      const copy = this.#button("copy", "clipboard", () => RED.clipboard.copyText(snippet, copy));
      this.#usage.append(
        $("<div>").text(this.#say(`usage-${way}`)),
        $("<div>", { class: "sensorcast-url" }).append($("<code>").text(snippet), copy),
      );
    }
  }

  #say(key: string): string {
    return this.#options.translate(`ws-broadcast-server.token.${key}`, {});
  }

  #input(column: TokenColumn, value: string): JQuery {
    return $("<input>", { type: "text", id: `${this.#id}-${column}`, placeholder: this.#say(`${column}Placeholder`) })
      .attr("data-column", column)
      .val(value);
  }

  #labelled(column: TokenColumn, content: JQuery): JQuery {
    return $("<div>").append($("<label>", { for: `${this.#id}-${column}` }).text(this.#say(column)), content);
  }

  #button(key: string, icon: string, click: () => void): JQuery {
    return $("<button>", { type: "button", class: "red-ui-button red-ui-button-small" })
      .append($("<i>", { class: `fa fa-${icon}` }), document.createTextNode(` ${this.#say(key)}`))
      .on("click", click);
  }
}

/** In base64url, which can be sent in every way. */
function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(GENERATED_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
