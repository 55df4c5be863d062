import { deepEqual, ok } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LOCALES = join(__dirname, "../../nodes/locales");
const ENGLISH = "en-US";
const TRANSLATIONS = ["de", "fr", "ja", "zh-CN"];
/** Files with statuses, which the canvas shows below a node. */
const WITH_STATUSES = ["messages/publish.json", "messages/socket.json", "messages/udp.json"];

/** What Node-RED's own translations call otherwise: Node, noeud, flux, サーバ, ヘッダ, インターフェイス, 流程. */
const OTHER_TERMS: Readonly<Record<string, RegExp>> = {
  de: /\bKnoten\b/,
  fr: /nœud|\bflows?\b/,
  ja: /サーバー|ヘッダー|インタフェース/,
  "zh-CN": /工作流|結點|结点/,
};

const filesOf = (language: string): string[] =>
  readdirSync(join(LOCALES, language), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(json|html)$/.test(file))
    .sort();

const pathOf = (language: string, file: string): string => `nodes/locales/${language}/${file}`;

/** Texts by the path of their key; none if there is no such file. */
function textsIn(language: string, file: string): Map<string, string> {
  const texts = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === "string") texts.set(path, value);
    else for (const [key, part] of Object.entries(value as object)) visit(part, path === "" ? key : `${path}.${key}`);
  };
  const path = join(LOCALES, language, file);
  if (existsSync(path)) visit(JSON.parse(readFileSync(path, "utf8")), "");
  return texts;
}

function placeholdersIn(text: string): string {
  return [...new Set(text.match(/__\w+?__/g))].sort().join(" ");
}

/** What a translated file lacks, or has and English has not. */
function problemsOf(language: string, file: string): string[] {
  const english = textsIn(ENGLISH, file);
  const translated = textsIn(language, file);
  const where = pathOf(language, file);
  const problems: string[] = [];
  for (const [key, text] of english) {
    const said = translated.get(key);
    if (said === undefined || said.trim() === "") problems.push(`${where} lacks the key ${key}: ${text}`);
    else if (placeholdersIn(said) !== placeholdersIn(text)) {
      problems.push(`${where} has other placeholders in ${key}: ${placeholdersIn(said)}, not ${placeholdersIn(text)}`);
    }
  }
  for (const key of translated.keys())
    if (!english.has(key)) problems.push(`${where} has a key that is not used: ${key}`);
  return problems;
}

describe("a language", () => {
  it("is German, French, Japanese or Chinese, besides English", () => {
    deepEqual(readdirSync(LOCALES).sort(), [...TRANSLATIONS, ENGLISH].sort());
  });

  for (const language of TRANSLATIONS) {
    it(`has every text, with the values that belong in it: ${language}`, () => {
      const files = filesOf(ENGLISH).filter((file) => file.endsWith(".json"));
      deepEqual(
        files.flatMap((file) => problemsOf(language, file)),
        [],
      );
    });

    it(`calls things as Node-RED does: ${language}`, () => {
      const named = filesOf(language).flatMap((file) => {
        const [term] = readFileSync(join(LOCALES, language, file), "utf8").match(OTHER_TERMS[language] ?? /$^/) ?? [];
        return term === undefined ? [] : [`${pathOf(language, file)}: ${term}`];
      });
      deepEqual(named, []);
    });

    it(`has statuses of about 20 characters: ${language}`, () => {
      for (const file of WITH_STATUSES) {
        for (const [key, text] of textsIn(language, file)) {
          if (key.startsWith("status-")) ok(text.replace(/__\w+?__/g, "12345").length <= 24, `${file} ${key}: ${text}`);
        }
      }
    });
  }
});
