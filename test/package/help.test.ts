import { deepEqual, match } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FORMAT_EXAMPLES } from "../../nodes/lib/udp/decoders/format-examples";

const LOCALES = join(__dirname, "../../nodes/locales");
const ENGLISH = "en-US";
const LANGUAGES = [ENGLISH, "de", "fr", "ja", "zh-CN"];
const NODES = ["udp-sensor-in", "ws-broadcast-out", "ws-broadcast-server"];
/** Labels of dialogs that are no settings. */
const NO_SETTINGS = ["name", "from", "accessProblem"];

type Words = Readonly<Record<"label" | "format", Readonly<Record<string, string>>>>;

const fileOf = (language: string, node: string): string => `nodes/locales/${language}/${node}.html`;

function helpOf(language: string, node: string): string {
  const file = join(LOCALES, language, `${node}.html`);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function wordsOf(language: string, node: string): Words {
  return JSON.parse(readFileSync(join(LOCALES, language, `${node}.json`), "utf8"))[node];
}

function plain(html: string): string {
  const entities: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&\w+;/g, (entity) => entities[entity] ?? entity)
    .trim();
}

/** The texts of all elements of a kind, in order. */
function textsOf(html: string, tag: string): string[] {
  return [...html.matchAll(new RegExp(`<${tag}(?: [^>]*)?>(.*?)</${tag}>`, "gs"))].map(([, text = ""]) => text);
}

/** What help explains: properties of messages by their names, settings by the key of their label. */
function termsOf(language: string, node: string): string[] {
  const { label } = wordsOf(language, node);
  const keys = new Map(Object.entries(label).map(([key, text]) => [text, `label.${key}`]));
  const named = (term: string): string[] => (keys.has(term) ? [term] : term.split(", ").map((part) => part.trim()));
  return textsOf(helpOf(language, node), "dt")
    .map((term) => plain(term.replace(/<span.*?<\/span>/s, "")))
    .flatMap(named)
    .map((term) => keys.get(term) ?? term);
}

const countOf = (language: string, node: string, tag: string): string =>
  `${textsOf(helpOf(language, node), tag).length} <${tag}> in ${node}`;

/** Statuses, with a number for each value. */
function statusesOf(language: string): Set<string> {
  const messages = ["udp", "publish"].flatMap((room) => {
    const texts = JSON.parse(readFileSync(join(LOCALES, language, "messages", `${room}.json`), "utf8"));
    return Object.entries<string>(texts);
  });
  const textsAt = (start: string) => messages.filter(([key]) => key.startsWith(start)).map(([, text]) => text);
  const whys = textsAt("why-");
  const statuses = textsAt("status-").flatMap((text) => whys.map((why) => text.replace("__why__", why)));
  return new Set(statuses.map((text) => text.replace(/__\w+?__/g, "N")));
}

describe("help", () => {
  for (const node of NODES) {
    it(`explains every setting of ${node}`, () => {
      const explained = termsOf(ENGLISH, node);
      const settings = Object.keys(wordsOf(ENGLISH, node).label).filter((key) => !NO_SETTINGS.includes(key));
      const missing = settings.filter((key) => !explained.includes(`label.${key}`));
      deepEqual(
        missing.map((key) => `${fileOf(ENGLISH, node)} has no <dt> with the label of ${key}`),
        [],
      );
    });
  }

  for (const language of LANGUAGES) {
    it(`explains the same as in English, by the labels of the dialog: ${language}`, () => {
      for (const node of NODES) {
        const terms = termsOf(language, node);
        const english = termsOf(ENGLISH, node);
        const missing = english.filter((term) => !terms.includes(term));
        deepEqual(
          missing.map((term) => `${fileOf(language, node)} has no <dt> for ${term}`),
          [],
        );
        deepEqual(terms, english, fileOf(language, node));
        match(helpOf(language, node), /<p class="sensorcast-help">/, `${fileOf(language, node)}: the style needs it`);
      }
    });

    it(`says as much as in English: ${language}`, () => {
      for (const tag of ["h3", "h4", "tr", "li", "pre", "samp"]) {
        deepEqual(
          NODES.map((node) => countOf(language, node, tag)),
          NODES.map((node) => countOf(ENGLISH, node, tag)),
          language,
        );
      }
    });

    it(`names what is typed as it is, and statuses as they are in that language: ${language}`, () => {
      const statuses = statusesOf(language);
      for (const node of NODES) {
        const help = helpOf(language, node);
        const code = (text: string) => [...new Set(textsOf(text, "code").map(plain))].sort();
        deepEqual(code(help), code(helpOf(ENGLISH, node)), fileOf(language, node));
        const shown = textsOf(help, "samp").map((text) => plain(text).replace(/\d+(:\d+)?/g, "N"));
        deepEqual(
          shown.filter((status) => !statuses.has(status)),
          [],
        );
      }
    });

    it(`shows for each format a datagram and what comes of it: ${language}`, () => {
      const { format: labels } = wordsOf(language, "udp-sensor-in");
      const [table = ""] = textsOf(helpOf(language, "udp-sensor-in"), "tbody");
      const rows = textsOf(table, "tr").map((row) =>
        textsOf(row, "td").map((cell) => plain(cell.replace("<br>", " "))),
      );
      deepEqual(
        rows,
        Object.entries(FORMAT_EXAMPLES).map(([format, { datagram, payload }]) => {
          const [name = ""] = (labels[format] ?? "").split(/ ?[:：]/);
          return [`${name} ${format}`, datagram, payload];
        }),
      );
    });
  }
});
