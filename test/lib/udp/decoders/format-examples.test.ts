import { deepEqual } from "node:assert/strict";
import { createDecoder } from "../../../../nodes/lib/udp/decoders";
import { FORMAT_EXAMPLES } from "../../../../nodes/lib/udp/decoders/format-examples";
import { FORMATS } from "../../../../nodes/lib/udp/decoders/formats";
import { fields } from "../../../../nodes/udp-sensor-in.config";
import { configFor } from "../../../support/sample-datagrams";

const RECORD = [
  { name: "id", type: "u16" },
  { name: "temp", type: "i16", scale: 0.1 },
];

describe("the example of a format", () => {
  for (const format of FORMATS) {
    it(`is what the decoder makes of it: ${format}`, () => {
      const { datagram, isBinary, payload } = FORMAT_EXAMPLES[format];
      const bytes = isBinary ? Buffer.from(datagram.replaceAll(" ", ""), "hex") : Buffer.from(datagram);
      const structTemplate = fields.structTemplate.parse(RECORD, "structTemplate");
      const readings = createDecoder({ ...configFor(format), structTemplate })(bytes);
      deepEqual(JSON.parse(JSON.stringify(readings)), [JSON.parse(payload)]);
    });
  }
});
