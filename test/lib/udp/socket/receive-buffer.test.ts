import assert from "node:assert/strict";
import { inEnglish } from "../../../../nodes/lib/text/sentence";
import { clampWarning } from "../../../../nodes/lib/udp/socket/receive-buffer";

describe("receive buffer", () => {
  it("that the system makes smaller is a warning with what to do", () => {
    const warning = clampWarning(4_194_304, 212_992, "linux") ?? assert.fail("no warning");
    const line = inEnglish(warning);
    assert.match(line, /212992 bytes, not the 4194304 asked for/);
    assert.match(line, /: sudo sysctl -w net\.core\.rmem_max=4194304$/);
  });

  it("that was granted, or of another system, is none", () => {
    assert.equal(clampWarning(65_536, 65_536, "linux"), undefined);
    assert.equal(clampWarning(65_536, 131_072, "linux"), undefined);
    assert.equal(clampWarning(65_536, 4096, "darwin"), undefined);
  });
});
