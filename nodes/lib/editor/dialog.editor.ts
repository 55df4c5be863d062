import { usesEnvironment } from "../config/environment";
import type { Field, Fields } from "../config/fields";
import { type MessageKey, sentence, type Translate, translated } from "../text/sentence";

type Prefix = "node-input" | "node-config-input";

/** What a dialog holds besides its inputs, such as the rows of a table, by property. */
type Parts = Readonly<Record<string, () => unknown>>;

export interface DialogOptions {
  readonly fields: Fields;
  readonly translate: Translate;
  readonly parts?: Parts;
}

const ONLY_VARIABLE = /^\$\{([^{}]+)\}$/;

/** A config node's dialog can be open above that of a node, so there is one at most for each. */
const open = new Map<Prefix, { readonly node: object; readonly parts: Parts; isOpen(): boolean }>();

/** The inputs of the dialog of a node, whose ids end with the names of their properties. */
export class Dialog {
  readonly #prefix: Prefix;
  readonly #translate: Translate;

  /** Called when the editor has put the saved properties into the inputs: mends what it cannot show. */
  constructor(node: EditorNode, prefix: Prefix, { fields, translate, parts = {} }: DialogOptions) {
    this.#prefix = prefix;
    this.#translate = translate;
    const name = this.input("name")[0];
    open.set(prefix, { node, parts, isOpen: () => name?.isConnected === true });
    for (const [property, field] of Object.entries(fields)) {
      this.#mend(property, field, node[property]);
      const input = this.input(property);
      if (input.is("select") && field.nodeType === undefined) this.#offerVariable(input, String(node[property] ?? ""));
      this.#markEnvironment(this.input(property));
    }
  }

  input(property: string): JQuery {
    return $(`#${this.#prefix}-${property}`);
  }

  /** What an input holds, trimmed; of a select that shows nothing, empty. */
  text(property: string): string {
    return String(this.input(property).val() ?? "").trim();
  }

  /** What only the running flow knows is marked as that, since it is not validated here. */
  #markEnvironment(input: JQuery): void {
    const note = $("<div>", { class: "sensorcast-hint" }).text(this.#say("config.set-by-environment"));
    input.closest(".form-row").after(note);
    const show = (): unknown => note.toggle(usesEnvironment(input.val()));
    input.on("input change", show);
    show();
  }

  /** The last choice of a select is an environment variable, whose name is entered beside it. */
  #offerVariable(select: JQuery, saved: string): void {
    const [, name = ""] = ONLY_VARIABLE.exec(saved) ?? [];
    const choice = $("<option>", { value: name === "" ? "${}" : saved, text: this.#say("config.environment-choice") });
    const label = this.#say("config.environment-variable");
    const variable = $("<input>", { type: "text", class: "sensorcast-variable", value: name, placeholder: "NAME" });
    variable.attr({ "aria-label": label, title: label, spellcheck: "false" });
    // A select that shows nothing would show its first choice from then on: browsers choose when a choice is added.
    const shown = name === "" ? select.val() : saved;
    select
      .append(choice)
      .after(variable)
      .val(shown ?? []);
    const show = (): unknown => variable.toggle(String(select.val() ?? "").startsWith("${"));
    select.on("change", show);
    variable.on("input", () => {
      const value = `\${${String(variable.val()).trim()}}`;
      choice.val(value);
      select.val(value).trigger("change");
    });
    show();
  }

  #say(key: MessageKey): string {
    return translated(sentence(key), this.#translate);
  }

  #mend(property: string, field: Field<unknown>, saved: unknown): void {
    const input = this.input(property);
    if (saved === undefined) {
      // A flow file may leave out any property, but the editor would save its empty input instead of the default.
      if (typeof field.default === "boolean") input.prop("checked", field.default);
      else if (field.nodeType === undefined && typeof field.default !== "object") input.val(String(field.default));
    } else if (typeof saved === "string" && usesEnvironment(saved)) {
      if (input.is("[type=checkbox]")) input.replaceWith(textInputLike(input, saved));
    } else if (input.is("[type=checkbox]")) {
      input.prop("checked", saved === true || saved === "true");
    }
  }
}

/** What the user has entered in the open dialog of a node; nothing if it is not open. */
export function entered(node: object): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [prefix, dialog] of open) {
    if (dialog.node !== node || !dialog.isOpen()) continue;
    for (const input of $<HTMLInputElement>(`[id^="${prefix}-"]:input`).toArray()) {
      values[input.id.slice(prefix.length + 1)] = input.type === "checkbox" ? input.checked : $(input).val();
    }
    for (const [property, part] of Object.entries(dialog.parts)) values[property] = part();
  }
  return values;
}

/** Node-RED saves what it finds under the same id. */
function textInputLike(checkbox: JQuery, value: string): JQuery {
  const id = String(checkbox.attr("id"));
  return $("<input>", { type: "text", id, val: value }).css({ width: "30%" });
}
