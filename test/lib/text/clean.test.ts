import assert from "node:assert/strict";
import { clean } from "../../../nodes/lib/text/clean";
import { quote } from "../../../nodes/lib/text/quote";
import { inEnglish, sentence, translated } from "../../../nodes/lib/text/sentence";

/** A terminal's escape in 7 bits and in 8, a bidirectional override, a line separator, half of a surrogate pair. */
const UNSAFE = "\u001b[31m \u009b31m \u202e \u2028 \ud800";
const CLEANED = "\\u001b[31m \\u009b31m \\u202e \\u2028 \\ud800";

describe("foreign text", () => {
  it("is shown with escapes for what drives terminals and turns text around", () =>
    assert.equal(clean(UNSAFE), CLEANED));

  it("stays as it is otherwise, in any script", () => {
    for (const text of ["21.5 °C", "températures", "温度", "درجة", "😀", "a\\b"]) assert.equal(clean(text), text);
  });

  it("is cleaned in every sentence, also one inside another and in a translation", () => {
    const inner = sentence("decode.not-json", { reason: UNSAFE });
    const said = sentence("udp.rejected", { counts: "decode 1", ip: "192.0.2.1", port: 9, error: inner });
    assert.ok(inEnglish(said).startsWith(`the datagram is not JSON: ${CLEANED} (from`));
    const translate = (key: string, values: Record<string, unknown>) => `${key}: ${values.reason ?? values.error}`;
    assert.ok(translated(said, translate).endsWith(CLEANED));
  });

  it("is cleaned and cut where it is quoted, before it is written as JSON", () => {
    assert.equal(quote(UNSAFE.slice(0, 10)), '"\\u001b[31m \\u009b31m"');
    assert.equal(quote({ a: "\u009b" }), '{"a":"\\u009b"}');
    const long = quote("\0".repeat(1_000_000), 20);
    assert.equal(long.length, 20);
    assert.ok(long.endsWith("..."));
    assert.equal(quote("a".repeat(58)), `"${"a".repeat(58)}"`);
  });
});
