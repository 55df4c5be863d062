import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readScale } from "./scale-results";
import { scaleSection, withScale } from "./scale-section";

const ROOT = join(__dirname, "../..");
const results = readScale(join(ROOT, "docs/measured/scale.json"));

describe("what the README says of several machines", () => {
  it("is what was measured last, and no figure by hand", () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    assert.equal(withScale(readme, results), readme);
  });

  it("plans for a million clients", () => {
    const [, edges = "", clients = ""] =
      /\| edges \| ([\d ]+) of one core \| ([\d ]+) clients/.exec(scaleSection(results)) ?? [];
    const number = (text: string): number => Number(text.replaceAll(" ", ""));
    assert.ok(number(edges) * number(clients) >= 1_000_000, `${edges} × ${clients}`);
    assert.ok((number(edges) - 1) * number(clients) < 1_000_000);
  });

  it("has a place in it", () => {
    assert.throws(() => withScale("# Another one\n", results), /has no lines/);
  });
});
