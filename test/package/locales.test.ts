import { deepEqual, ok } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LOCALES = join(__dirname, "../../nodes/locales");
const ENGLISH = "en-US";
const FILES = readdirSync(join(LOCALES, ENGLISH), { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".json"),
);

/** Texts by the path of their key. */
function textsIn(language: string, file: string): Map<string, string> {
  const texts = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === "string") texts.set(path, value);
    else for (const [key, part] of Object.entries(value as object)) visit(part, path === "" ? key : `${path}.${key}`);
  };
  visit(JSON.parse(readFileSync(join(LOCALES, language, file), "utf8")), "");
  return texts;
}

function placeholdersIn(text: string): string[] {
  return [...new Set(text.match(/__\w+?__/g))].sort();
}

describe("a language", () => {
  const languages = readdirSync(LOCALES).filter((language) => language !== ENGLISH);

  it("is German, French, Japanese or Chinese, besides English", () => {
    deepEqual(languages.sort(), ["de", "fr", "ja", "zh-CN"]);
  });

  for (const language of languages) {
    // A file as a whole may be left to English, which Node-RED then shows.
    for (const file of FILES.filter((each) => existsSync(join(LOCALES, language, each)))) {
      it(`has every text of ${file} with the values that belong in it: ${language}`, () => {
        const translated = textsIn(language, file);
        const missing = [...textsIn(ENGLISH, file)].filter(([key, text]) => {
          const said = translated.get(key) ?? "";
          return said === "" || placeholdersIn(said).join() !== placeholdersIn(text).join();
        });
        deepEqual(
          missing.map(([key]) => key),
          [],
        );
      });
    }

    it(`has the labels of every dialog, and statuses of about 20 characters: ${language}`, () => {
      for (const file of FILES.filter((each) => !each.includes("/")))
        ok(existsSync(join(LOCALES, language, file)), file);
      for (const file of ["messages/publish.json", "messages/socket.json", "messages/udp.json"]) {
        for (const [key, text] of textsIn(language, file)) {
          if (key.startsWith("status-")) ok(text.replace(/__\w+?__/g, "12345").length <= 24, `${file} ${key}: ${text}`);
        }
      }
    });
  }
});
