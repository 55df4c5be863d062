import assert from "node:assert/strict";
import fc from "fast-check";
import { defaultsOf } from "../../../nodes/lib/config/fields";
import { inEnglish } from "../../../nodes/lib/text/sentence";
import { FORMATS, type Format } from "../../../nodes/lib/udp/decoders/formats";
import { type Preview, previewDecode } from "../../../nodes/lib/udp/preview";
import { fields } from "../../../nodes/udp-sensor-in.config";
import { configFor } from "../../support/sample-datagrams";

const SENDER = { address: "192.0.2.7", port: 4711 };
const ARRIVED = 1_700_000_000_000;

function preview(format: Format, ...datagrams: (string | Buffer)[]): Preview[] {
  const config = { ...defaultsOf(fields), ...configFor(format) };
  const arrivals = datagrams.map((bytes) => ({ bytes: Buffer.from(bytes), sender: SENDER, time: ARRIVED }));
  return previewDecode(config, arrivals);
}

describe("preview", () => {
  it("shows what each datagram becomes, with topic and time", () => {
    assert.deepEqual(preview("json", '{"sensor":"a","value":1}', "[1,2]"), [
      { readings: [{ payload: { sensor: "a", value: 1 }, topic: "a", time: ARRIVED }], count: 1 },
      {
        readings: [1, 2].map((payload) => ({ payload, topic: "192.0.2.7", time: ARRIVED })),
        count: 2,
      },
    ]);
  });

  it("shows twenty readings of many, and counts them all", () => {
    const [shown] = preview("text", "a\n".repeat(100));
    assert.ok(shown !== undefined && "readings" in shown);
    assert.deepEqual([shown.readings.length, shown.count], [20, 100]);
  });

  const failures: [format: Format, datagram: string | Buffer, error: RegExp, at: number | undefined][] = [
    ["json", '{"sensor":"a","value":x}', /^the datagram is not JSON/, 22],
    ["json", '{"°C":}', /not JSON/, 7],
    ["json", '\ufeff{"°C":}', /not JSON/, 10],
    ["json", '{"a":1}\n{"a":2', /not JSON/, 14],
    ["auto", '{"sensor":"a","value":21.', /not JSON/, 24],
    ["keyvalue", "a=1\nb=2 °C x", /is no name=value pair/, 8],
    ["influx", "m v=1\nm v=x 1", /no value of a line protocol field/, 11],
    ["nmea", "$GPHDT,274.07,T*03\r\n$GPHDT,274.08,T*03", /checksum/, 20],
    ["csv", '"a" x', /followed by/, 4],
    ["csv", 'a,"b', /not closed/, 2],
    ["msgpack", Buffer.from("9201c1", "hex"), /no MessagePack value/, 3],
    ["cbor", Buffer.from("8201", "hex"), /ends within a value|no CBOR/, 1],
    ["msgpack", Buffer.from("92", "hex"), /ends within a value/, 1],
    ["msgpack", Buffer.from("cd", "hex"), /ends within a value/, 1],
    ["struct", Buffer.from([1, 2, 3]), /3 bytes, but the template needs 8/, 3],
    ["text", Buffer.from([0xff]), /UTF-8/, undefined],
    ["json", "[]", /no reading/, undefined],
  ];
  for (const [format, datagram, error, at] of failures) {
    it(`says what is wrong, and where: ${format} ${datagram.toString("latin1")}`, () => {
      const [failed] = preview(format, datagram);
      assert.ok(failed !== undefined && "error" in failed, JSON.stringify(failed));
      assert.match(inEnglish(failed.error), error);
      assert.equal(failed.at, at);
    });
  }

  it("throws for no datagram, and points into it", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
      fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
      fc.tuple(fc.json(), fc.nat(40)).map(([text, cut]) => Buffer.from(text).subarray(0, cut)),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom(...FORMATS), (datagram, format) => {
        const [shown] = preview(format, datagram);
        assert.ok(shown !== undefined);
        if ("error" in shown && shown.at !== undefined) assert.ok(shown.at >= 0 && shown.at <= datagram.length);
      }),
    );
  });
});
