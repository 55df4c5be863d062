import { CATALOGUE } from "./catalogue";
import { clean } from "./clean";

type Catalogue = typeof CATALOGUE;

/** Names a message of the catalogue: `room.message`. */
export type MessageKey = { [R in keyof Catalogue]: `${R}.${keyof Catalogue[R] & string}` }[keyof Catalogue];

/**
 * What a user is told, in no language yet: a message of the catalogue, and what goes where it says `__name__`. Texts among
 * the values may come from anybody: they are cleaned when the sentence is said.
 */
export interface Sentence {
  readonly key: MessageKey;
  readonly values: Readonly<Record<string, string | number | Sentence | Label>>;
}

/** What the dialog of a node type calls one of its properties. */
export interface Label {
  /** In the catalogue of the node type: `type.label.property`. */
  readonly label: `${string}.label.${string}`;
}

/** Says a message of the catalogue in some language, as `RED._` does. */
export type Translate = (key: string, values: Record<string, string | number>) => string;

export function sentence(key: MessageKey, values: Sentence["values"] = {}): Sentence {
  return { key, values };
}

/** Without Node-RED, and where its catalogue lacks a message. */
export function inEnglish(said: Sentence): string {
  const values = valuesIn(said, (part) => ("label" in part ? propertyOf(part) : inEnglish(part)));
  return filled(textOf(said.key), values);
}

function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/__(\w+?)__/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}

/** @param translate is asked for `messages.` and the key; what it does not know it gives back, and that is said in English */
export function translated(said: Sentence, translate: Translate): string {
  const key = `messages.${said.key}`;
  const say = (part: Sentence | Label) => ("label" in part ? labelIn(part, translate) : translated(part, translate));
  const values = valuesIn(said, say);
  const text = translate(key, values);
  return text === key || text === "" ? filled(textOf(said.key), values) : text;
}

/** The property's own name where its label is not known. */
function labelIn(part: Label, translate: Translate): string {
  const text = translate(part.label, {});
  return text === "" || text.endsWith(part.label) ? propertyOf(part) : text;
}

function propertyOf({ label }: Label): string {
  return label.slice(label.lastIndexOf(".") + 1);
}

function valuesIn({ values }: Sentence, say: (part: Sentence | Label) => string): Record<string, string | number> {
  const said: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "object") said[name] = say(value);
    else said[name] = typeof value === "string" ? clean(value) : value;
  }
  return said;
}

function textOf(key: MessageKey): string {
  const [room = "", message = ""] = key.split(".", 2);
  return (CATALOGUE as Record<string, Record<string, string>>)[room]?.[message] ?? key;
}
