import type { Fields } from "../config/fields";
import type { Translate } from "../text/sentence";
import { AccessProblem } from "./access-problem.editor";
import { Dialog } from "./dialog.editor";
import { ask } from "./parts/ask.editor";
import { DialogTabs } from "./parts/tabs.editor";
import { type EnteredPlace, ServerAddress } from "./server-address.editor";
import { ServerBox } from "./server-box.editor";
import type { EditedToken } from "./tokens/edited-token";
import { TokenTable } from "./tokens/token-table.editor";

const TYPE = "ws-broadcast-server";
const TABS = ["connection", "messages", "security", "limits"] as const;
const SUGGESTED_PORT = "8080";
/** What Node-RED shows in place of a saved secret. */
const SAVED_SECRET = "__PWRD__";

/** The dialog of a `ws-broadcast-server` while it is open. */
export class ServerDialog {
  readonly #dialog: Dialog;
  readonly #tabs: DialogTabs;
  readonly #translate: Translate;
  readonly #problem: AccessProblem;
  readonly #address: ServerAddress;
  readonly #id: string;
  /** Missing while the saved tokens are not known. */
  #tokens: TokenTable | undefined;
  #savedTokens = "";

  constructor(node: EditorNode, fields: Fields, translate: Translate) {
    this.#translate = translate;
    this.#id = node.id;
    this.#address = new ServerAddress(translate, () => this.#showAddress());
    this.#dialog = new Dialog(node, "node-config-input", { fields, translate });
    this.#tabs = new DialogTabs(
      $(`#${TYPE}-tabs`),
      TABS.map((tab) => ({ id: `${TYPE}-${tab}`, label: this.#say(`tab.${tab}`) })),
    );
    this.#problem = new AccessProblem(node, this.#dialog, translate);
    new ServerBox($(`#${TYPE}-state`), () => node.id, translate);
    this.#prepareAddress();
    this.#prepareWhere();
    const algorithm = this.#dialog.input("jwtAlgorithm");
    const showJwt = () => $(`.${TYPE}-jwt`).toggle(algorithm.val() !== "off");
    algorithm.on("change", showJwt);
    showJwt();
    for (const property of ["path", "port", "host", "tls", "jwtAlgorithm", "allow", "requireToken", "jwtKey"]) {
      this.#dialog.input(property).on("change input", () => this.#changed());
    }
    this.#changed();
    this.#prepareTokens(node.id);
  }

  /** What is wrong with the key of JSON Web Tokens; empty if nothing is. */
  get keyProblem(): string {
    return this.#problem.ofKey;
  }

  /** Puts what Node-RED does not find by itself where it saves it from. */
  save(): void {
    if (this.#tokens === undefined) return;
    const tokens = this.#tokens.tokens();
    if (JSON.stringify(tokens) === this.#savedTokens) return;
    this.#dialog.input("tokens").val(tokens.length === 0 ? "" : JSON.stringify(tokens));
  }

  #prepareAddress(): void {
    const copy = $(`#${TYPE}-copy`).on("click", () => RED.clipboard.copyText(this.#address.text, copy));
  }

  #prepareWhere(): void {
    const where = this.#dialog.input("where");
    const port = this.#dialog.input("port");
    if (where.val() === null || where.val() === "") where.val(this.#dialog.text("port") === "" ? "shared" : "own");
    const own = $(`.${TYPE}-own`).toggle(where.val() !== "shared");
    where.on("change", () => {
      own.toggle(where.val() !== "shared");
      if (where.val() === "own" && this.#dialog.text("port") === "") port.val(SUGGESTED_PORT);
      port.trigger("change");
    });
  }

  #enteredPlace(): EnteredPlace {
    const text = (property: string) => this.#dialog.text(property);
    const needsToken = text("jwtAlgorithm") !== "off" || (this.#tokens?.tokens().length ?? 0) > 0;
    const options = {
      where: text("where"),
      path: text("path"),
      port: text("port"),
      host: text("host"),
      tls: text("tls").replace("_ADD_", ""),
      allow: text("allow"),
    };
    return { id: this.#id, options, needsToken };
  }

  #showAddress(): void {
    const { text, isKnown } = this.#address;
    $(`#${TYPE}-url`).text(text);
    $(`#${TYPE}-open`)
      .attr("href", `${text.replace(/^ws/, "http")}/`)
      .toggle(isKnown);
  }

  #changed(): void {
    this.#address.update(this.#enteredPlace());
    this.#showAddress();
    this.#tabs.rename(`${TYPE}-security`, this.#say("tab.security", { who: this.#whoGetsIn() }));
    this.#problem.check(this.#tokens);
  }

  #whoGetsIn(): string {
    const count = this.#tokens?.tokens().length ?? 0;
    const hasJwt = this.#dialog.text("jwtAlgorithm") !== "off";
    const ways = [
      ...(count > 0 ? [this.#say(count === 1 ? "who.token" : "who.tokens", { number: count })] : []),
      ...(hasJwt ? ["JWT"] : []),
    ];
    if (ways.length > 0) return ways.join(", ");
    return this.#say(this.#requireToken().prop("checked") === true ? "who.nobody" : "who.everybody");
  }

  #requireToken(): JQuery {
    return this.#dialog.input("requireToken");
  }

  #prepareTokens(id: string): void {
    const list = $(`#${TYPE}-tokens`);
    this.#loadTokens(id)
      .then((tokens) => {
        // The dialog may be closed by now, and another one be open.
        if (!list[0]?.isConnected) return;
        const table = new TokenTable(list, {
          translate: this.#translate,
          url: () => this.#address.text,
          changed: () => this.#changed(),
          added: () => this.#requireToken().prop("checked", true),
          emptied: (restore) => this.#askWhoGetsIn(restore),
        });
        table.show(tokens);
        this.#tokens = table;
        this.#savedTokens = JSON.stringify(table.tokens());
        this.#changed();
      })
      .catch(() => list.replaceWith($("<p>").text(this.#say("token.unknown"))));
  }

  /** The runtime gives their names, topics and expiry, but not their text. */
  async #loadTokens(id: string): Promise<readonly EditedToken[]> {
    const entered = this.#dialog.text("tokens");
    if (entered === "") return [];
    if (entered !== SAVED_SECRET) return JSON.parse(entered);
    return await $.getJSON(`${TYPE}/${encodeURIComponent(id)}/tokens`);
  }

  /** Without tokens a server lets in everybody or nobody: neither may happen by accident. */
  #askWhoGetsIn(restore: () => void): void {
    if (this.#dialog.text("jwtAlgorithm") !== "off") return;
    const decide = (nobody: boolean) => () => {
      this.#requireToken().prop("checked", nobody);
      this.#changed();
    };
    ask(this.#say("ask.no-token"), [
      { text: this.#say("ask.everybody"), choose: decide(false) },
      { text: this.#say("ask.nobody"), choose: decide(true) },
      { text: this.#say("ask.keep"), choose: restore },
    ]);
  }

  #say(key: string, values: Record<string, string | number> = {}): string {
    return this.#translate(`${TYPE}.${key}`, values);
  }
}
