import { deepEqual } from "node:assert/strict";
import { type DecodeOptions, guessFormat } from "../../../nodes/lib/editor/format-guess";
import { createDecoder } from "../../../nodes/lib/udp/decoders";
import { DecodeError } from "../../../nodes/lib/udp/decoders/decoder";
import { configFor } from "../../support/sample-datagrams";

/** With the decoders that the runtime has. */
function guess(...datagrams: readonly (string | Buffer)[]): Promise<DecodeOptions> {
  const bytes = datagrams.map((datagram) => Buffer.from(datagram as string));
  return guessFormat(bytes, async ({ format }) => {
    try {
      return bytes.flatMap((each) => createDecoder(configFor(format))(each)).map((payload) => JSON.stringify(payload));
    } catch (error) {
      if (error instanceof DecodeError) return undefined;
      throw error;
    }
  });
}

describe("the guessed format", () => {
  for (const [title, datagrams, expected] of [
    ["JSON", ['{"sensor":"a","value":1}', "[1,2]"], { format: "json" }],
    ["NMEA", ["$IIMTW,21.5,C*15\r\n"], { format: "nmea" }],
    ["line protocol", ["air,site=roof t=21.5"], { format: "influx" }],
    ["StatsD", ["api.calls:3|c|#env:live", "load:0.7|g"], { format: "statsd" }],
    ["OSC", [Buffer.from("/1/fader1\0\0\0,f\0\0\x3f\x37\x26\x75", "latin1")], { format: "osc" }],
    ["pairs", ["sensor=a value=21.5"], { format: "keyvalue" }],
    ["CSV with semicolons", ["kitchen;21,5;C\nattic;19,0;C"], { format: "csv", csvSeparator: ";", csvDecimal: "," }],
    ["CSV with tabs", ["kitchen\t21.5"], { format: "csv", csvSeparator: "tab", csvDecimal: "." }],
    ["CSV with commas", ["kitchen,21.5", "attic,19"], { format: "csv", csvSeparator: ",", csvDecimal: "." }],
    ["text", ["kitchen is at 21.5", "attic is warm, too"], { format: "text" }],
    ["MessagePack", [Buffer.from("81a17415", "hex")], { format: "msgpack" }],
    ["CBOR", [Buffer.from("a1617415", "hex")], { format: "cbor" }],
    ["binary records", [Buffer.from("0700eb00ff", "hex")], { format: "struct" }],
  ] as const) {
    it(`is ${title}`, async () => deepEqual(await guess(...datagrams), expected));
  }

  it("is one that all datagrams have", async () => {
    deepEqual(await guess('{"sensor":"a"}', "sensor a"), { format: "text" });
  });
});
