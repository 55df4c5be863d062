import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FORMATS } from "../../../../nodes/lib/udp/decoders/formats";

const ROOT = join(__dirname, "../../../..");
const textOf = (file: string) => readFileSync(join(ROOT, file), "utf8");

/**
 * Where a format has to be named by hand. The other places are held together by the type `Format`: the decoders in
 * `decoders/index.ts`, sample datagrams for the tests, and one for the benchmark.
 */
describe("a format", () => {
  const dialog = textOf("nodes/udp-sensor-in.html");
  const { format: labels } = JSON.parse(textOf("nodes/locales/en-US/udp-sensor-in.json"))["udp-sensor-in"];
  const help = textOf("nodes/locales/en-US/udp-sensor-in.html");
  const readme = textOf("README.md");

  for (const format of FORMATS) {
    it(`${format} can be chosen in the dialog, by a label, and is explained in the help and in the README`, () => {
      assert.ok(dialog.includes(`<option value="${format}"`), "udp-sensor-in.html has no option");
      assert.match(labels[format] ?? "", /\w/, "udp-sensor-in.json has no label");
      assert.ok(help.includes(`<code>${format}</code>`), "the help does not name it");
      assert.match(readme, new RegExp(`^\\| \`format\` .*\`${format}\``, "m"), "the README does not name it");
    });
  }

  it("has no label without being a format", () => assert.deepEqual(Object.keys(labels).sort(), [...FORMATS].sort()));
});
