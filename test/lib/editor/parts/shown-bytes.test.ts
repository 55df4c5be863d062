import { deepEqual, equal } from "node:assert/strict";
import { base64Of, bytesOf, bytesOfHex, shownBytes } from "../../../../nodes/lib/editor/parts/shown-bytes";

describe("bytes in the editor", () => {
  it("are shown as text where they are that, else in hexadecimal", () => {
    equal(shownBytes(Buffer.from("21.5 °C\n")), "21.5 °C\n");
    equal(shownBytes(Buffer.from([0, 255])), "00 ff");
    equal(shownBytes(Buffer.from([0xc3])), "c3");
  });

  it("are cut when there are many", () => {
    equal(shownBytes(Buffer.alloc(600, "a")).length, 514);
    equal(shownBytes(Buffer.alloc(600)).length, 512 * 3 - 1 + 2);
  });

  it("are read from hexadecimal as people write it", () => {
    deepEqual(
      ["01 fF", "0x01,0xff", "01:ff", "1", "xy", ""].map((hex) => bytesOfHex(hex)?.join()),
      ["1,255", "1,255", "1,255", undefined, undefined, undefined],
    );
  });

  it("survive the way to the runtime and back", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    deepEqual(bytesOf(base64Of(bytes)), bytes);
    equal(base64Of(bytes), Buffer.from(bytes).toString("base64"));
  });
});
