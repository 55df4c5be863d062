import { deepEqual, equal } from "node:assert/strict";
import type { PreviewRow } from "../../../nodes/lib/cockpit/listener-endpoints";
import { previewTable } from "../../../nodes/lib/editor/preview-table";

function decoded(...payloads: string[]): PreviewRow {
  const readings = payloads.map((payload, index) => ({ topic: `t${index}`, time: 0, payload }));
  return { ip: "10.0.0.7", age: 0, data: "", count: readings.length, readings, error: null, at: null };
}

describe("the table of a preview", () => {
  it("has a column for every field, and tells numbers from texts", () => {
    const previews = [decoded('{"sensor":"attic","value":21.5}', '{"sensor":"hall","value":"21,5","ok":true}')];
    const table = previewTable(previews);
    deepEqual(table?.columns, ["sensor", "value", "ok"]);
    deepEqual(
      table?.rows.map(({ topic, cells }) => [
        topic,
        ...cells.map(({ text, isNumber }) => `${text}${isNumber ? " #" : ""}`),
      ]),
      [
        ["t0", "attic", "21.5 #", ""],
        ["t1", "hall", "21,5", "true"],
      ],
    );
  });

  it("leaves out datagrams that were refused", () => {
    const refused = { ...decoded(), error: { key: "decode.no-reading", values: {} } as const };
    equal(previewTable([refused, decoded('{"a":1}')])?.rows.length, 1);
  });

  it("is none of payloads that have no fields, or were cut", () => {
    for (const payload of ["21.5", "[1,2]", '{"a":"…', "null"]) equal(previewTable([decoded(payload)]), undefined);
    equal(previewTable([]), undefined);
  });
});
