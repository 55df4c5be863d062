import { sentence, type Translate, translated } from "../text/sentence";
import type { Dialog } from "./dialog.editor";
import type { TokenTable } from "./tokens/token-table.editor";

/** Long enough that a key is not asked about at each letter of it. */
const PAUSE_MS = 300;

/**
 * What is wrong with the secrets of a server: a sentence, saved as a property of the node, since Node-RED neither validates
 * credentials nor gives them to the editor once they are saved.
 */
export class AccessProblem {
  readonly #node: EditorNode;
  readonly #dialog: Dialog;
  readonly #translate: Translate;
  #keyProblem = "";
  #askedAbout = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tokens: TokenTable | undefined;

  constructor(node: EditorNode, dialog: Dialog, translate: Translate) {
    this.#node = node;
    this.#dialog = dialog;
    this.#translate = translate;
  }

  /** What is wrong with the key of JSON Web Tokens; empty if nothing is. */
  get ofKey(): string {
    return this.#keyProblem;
  }

  /** @param tokens missing when they are not known */
  check(tokens: TokenTable | undefined): void {
    this.#tokens = tokens;
    const algorithm = this.#dialog.text("jwtAlgorithm");
    const key = this.#dialog.text("jwtKey");
    const question = JSON.stringify({ algorithm, key });
    if (question !== this.#askedAbout) {
      this.#askedAbout = question;
      clearTimeout(this.#timer);
      if (algorithm === "off" || algorithm.includes("${")) this.#keyProblem = "";
      else this.#timer = setTimeout(() => this.#askAboutKey(question), PAUSE_MS);
    }
    this.#show();
  }

  /** Only the runtime can read keys: browsers do so on encrypted pages alone. */
  #askAboutKey(question: string): void {
    const url = `ws-broadcast-server/${encodeURIComponent(this.#node.id)}/jwt-key`;
    $.ajax({ url, method: "POST", contentType: "application/json", data: question })
      .done((answer: { problem?: string }) => {
        if (question !== this.#askedAbout) return;
        this.#keyProblem = answer.problem ?? "";
        this.#show();
      })
      .fail(() => {
        // Who may not deploy need not know.
        this.#keyProblem = "";
      });
  }

  #show(): void {
    const input = this.#dialog.input("accessProblem");
    const problem = this.#current();
    if (input[0]?.isConnected) {
      if (input.val() !== problem) input.val(problem).trigger("change");
    } else if (this.#node.accessProblem !== problem) {
      // The answer came after Done.
      this.#node.accessProblem = problem;
      RED.editor.validateNode(this.#node);
    }
  }

  #current(): string {
    const listed = this.#tokens?.problem()?.translated(this.#translate) ?? "";
    if (listed !== "" || this.#keyProblem !== "") return listed || this.#keyProblem;
    const isNobody =
      this.#tokens?.tokens().length === 0 &&
      this.#dialog.input("requireToken").prop("checked") === true &&
      this.#dialog.text("jwtAlgorithm") === "off";
    return isNobody ? translated(sentence("access.no-token-listed"), this.#translate) : "";
  }
}
