import assert from "node:assert/strict";
import { nameOf } from "../../../../nodes/lib/client/page/name";

describe("name as it is shown", () => {
  it("is what it is, in any script", () => {
    for (const name of ["plant/line 2/°C", "عربي/حرارة", "温度", "👩‍🔬", "<img src=x>"])
      assert.equal(nameOf(name), name);
  });

  it("is cut where it is long", () => {
    const name = nameOf("a".repeat(60_000));
    assert.equal(name.length, 120);
    assert.ok(name.endsWith("a…"));
  });

  it("shows what is invisible, so that it does not pass for another", () => {
    assert.equal(nameOf("a\nb\u0000c\u2028d"), "a\ufffdb\ufffdc\ufffdd");
    assert.equal(nameOf("\u202egnp.exe\u2066"), "\ufffdgnp.exe\ufffd");
  });
});
