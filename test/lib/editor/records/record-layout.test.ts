import { deepEqual } from "node:assert/strict";
import { layout } from "../../../../nodes/lib/editor/records/record-layout";
import { parseStructTemplate } from "../../../../nodes/lib/udp/decoders/struct/struct-template";

function places(rows: readonly object[], length: number): string[] {
  const fields = parseStructTemplate(rows, "structTemplate");
  return layout(fields, length).map(({ name, start, end }) => `${name} ${start}-${end}`);
}

describe("the layout of a record", () => {
  it("tells which bytes belong to which field", () => {
    const rows = [
      { name: "id", type: "u16" },
      { name: "", type: "pad:2" },
      { name: "temp", type: "i16", offset: 6 },
    ];
    deepEqual(places(rows, 8), ["id 0-2", "padding 2-4", "temp 6-8"]);
  });

  it("names all fields whose bits share a number", () => {
    const rows = [
      { name: "low", type: "u8:4" },
      { name: "high", type: "u8:4" },
    ];
    deepEqual(places(rows, 1), ["low, high 0-1"]);
  });

  it("repeats what repeats, as often as there is room", () => {
    const rows = [{ name: "id", type: "u8" }, { type: "repeat" }, { name: "value", type: "u16" }];
    deepEqual(places(rows, 6), ["id 0-1", "value 1-3", "value 3-5"]);
  });
});
