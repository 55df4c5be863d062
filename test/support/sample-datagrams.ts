import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultsOf } from "../../nodes/lib/config/fields";
import type { DecoderConfig } from "../../nodes/lib/udp/decoders";
import type { Format } from "../../nodes/lib/udp/decoders/formats";
import { fields } from "../../nodes/udp-sensor-in.config";

/** A node's configuration for a format, with the options that it needs. */
export function configFor(format: Format): DecoderConfig {
  return {
    ...defaultsOf(fields),
    format,
    csvColumns: ["sensor", "value", "unit"],
    structTemplate: fields.structTemplate.parse(
      [
        { name: "id", type: "u16" },
        { name: "temp", type: "i16", scale: 0.1 },
        { name: "volt", type: "f32", endianness: "big" },
      ],
      "structTemplate",
    ),
  };
}

/** Valid datagrams of each format. */
export const SAMPLES: Readonly<Record<Format, readonly Buffer[]>> = {
  auto: [...lines("nmea.log"), ...lines("influx.txt"), Buffer.from('{"sensor":"kitchen","value":23.7}')],
  json: ['{"sensor":"kitchen","value":23.7}', '[{"a":1},{"a":[2,null]}]', "1\n2\n"].map((text) => Buffer.from(text)),
  text: [Buffer.from("temp 21.5 °C\r\nhum 40")],
  buffer: [Buffer.from([0, 1, 2, 255])],
  csv: ["kitchen,23.7,°C", '"a ""b""",-1e3,\r\n"c\nd",2', "1,2,3\n4,5,6\n"].map((text) => Buffer.from(text)),
  keyvalue: ['sensor=kitchen temp=23.7 note="a \\"b\\""', "a = 1, b = 2\nc=3"].map((text) => Buffer.from(text)),
  influx: lines("influx.txt"),
  nmea: lines("nmea.log"),
  statsd: lines("statsd.txt"),
  osc: lines("osc.txt").map((line) => Buffer.from(line.toString().replaceAll(/\s/g, ""), "hex")),
  msgpack: encoded("msgpack.json"),
  cbor: encoded("cbor.json"),
  struct: [Buffer.from("01000000eb0041bc0000", "hex")],
};

function lines(fixture: string): Buffer[] {
  const text = readFileSync(fixturePath(fixture), "utf8");
  return text
    .split(/(?<=\n)/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => Buffer.from(line));
}

function encoded(fixture: string): Buffer[] {
  const cases: readonly { readonly hex: string }[] = JSON.parse(readFileSync(fixturePath(fixture), "utf8"));
  return cases.map(({ hex }) => Buffer.from(hex, "hex"));
}

function fixturePath(fixture: string): string {
  return join(__dirname, "../lib/udp/fixtures", fixture);
}
