import assert from "node:assert/strict";
import { checkEnvelope } from "../../../../nodes/lib/ws/hub/envelope-size";
import { PayloadError } from "../../../../nodes/lib/ws/hub/payload";

describe("size of an envelope", () => {
  /** Whether it is accepted when the log is of so many bytes. */
  function isAccepted(body: string | Buffer, logBytes: number, kind: "text" | "binary" = "text"): boolean {
    try {
      checkEnvelope({ kind, body }, Buffer.byteLength(body), logBytes);
      return true;
    } catch (error) {
      assert.ok(error instanceof PayloadError);
      return false;
    }
  }

  it("is reckoned by what each character takes in JSON", () => {
    for (let code = 0; code < 0x100; code++) {
      const text = String.fromCharCode(code).repeat(1000);
      const bytes = Buffer.byteLength(JSON.stringify(text)) - 2;
      for (const body of code < 0x80 ? [text, Buffer.from(text)] : [text]) {
        assert.ok(isAccepted(body, bytes / 2), `code ${code} takes more than ${bytes}`);
        assert.ok(!isAccepted(body, bytes / 2 - 1), `code ${code} takes less than ${bytes}`);
      }
    }
  });

  it("is that of base64 for binary payloads", () => {
    assert.ok(isAccepted(Buffer.alloc(3000), 2000, "binary"));
    assert.ok(!isAccepted(Buffer.alloc(3000), 1999, "binary"));
  });
});
