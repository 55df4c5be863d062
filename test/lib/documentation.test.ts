import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");
const LIB = join(ROOT, "nodes/lib");
const FILE = /`([\w./-]+\.(?:m?ts|json|html|md))`/g;

function filesNamedIn(text: string): string[] {
  return [...text.matchAll(FILE)].map(([, file = ""]) => file);
}

describe("documentation for those who work on the code", () => {
  it("names files that exist on the page on the architecture", () => {
    const named = filesNamedIn(readFileSync(join(ROOT, "docs/architecture.md"), "utf8"));
    assert.ok(named.length > 40, "it names hardly any file");
    const missing = named.filter((file) => !existsSync(join(ROOT, file)) && !existsSync(join(LIB, file)));
    assert.deepEqual(missing, []);
  });

  const readmes = readdirSync(LIB, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("README.md"));
  for (const readme of readmes) {
    it(`names files that exist in ${readme}`, () => {
      const room = dirname(join(LIB, readme));
      const missing = filesNamedIn(readFileSync(join(LIB, readme), "utf8")).filter(
        (file) => !existsSync(join(room, file)),
      );
      assert.deepEqual(missing, []);
    });
  }
});
