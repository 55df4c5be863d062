import { deepEqual, equal, match, ok } from "node:assert/strict";
import { RECORD_TEMPLATES } from "../../../../nodes/lib/editor/records/record-templates";
import { createStructDecoder } from "../../../../nodes/lib/udp/decoders/struct/struct";
import { parseStructTemplate } from "../../../../nodes/lib/udp/decoders/struct/struct-template";

/** What the record of a device gives of a datagram. */
function decoded(device: RegExp, datagram: Buffer): Record<string, unknown> {
  const template = RECORD_TEMPLATES.find((each) => device.test(each.device));
  ok(template !== undefined);
  const [reading] = createStructDecoder(parseStructTemplate(template.fields, "structTemplate"))(datagram);
  const { units: _, ...values } = reading as Record<string, unknown>;
  return values;
}

function at(bytes: number, parts: Readonly<Record<number, string>>): Buffer {
  const datagram = Buffer.alloc(bytes);
  for (const [offset, hex] of Object.entries(parts)) datagram.write(hex.replaceAll(" ", ""), Number(offset), "hex");
  return datagram;
}

describe("the records of well-known devices", () => {
  it("read an energy meter, as one sent it", () => {
    const datagram = at(600, {
      0: "534d4100 000402a0 00000001 02440010 6069 010e 7142cf5f f5645ace",
      28: "00010400 000054e0 00010800 0000000d20d52370 00020400 00000000 00020800 00000013658d6c60",
      148: "000d0400 000003e4",
    });
    const { serial, importPower, imported, exportPower, powerFactor } = decoded(/^SMA/, datagram);
    deepEqual([serial, importPower, imported, exportPower, powerFactor], [0x7142cf5f, 2172.8, 0x0d20d52370, 0, 0.996]);
  });

  it("read a position of a satellite receiver", () => {
    const datagram = at(100, {
      0: "b56201075c00",
      26: "03",
      29: "0c",
      30: "b168de05 80a7511c",
      66: "d2040000 40420f00",
    });
    const { fixType, satellites, longitude, latitude, speed, course } = decoded(/^u-blox/, datagram);
    deepEqual([fixType, satellites, speed, course], [3, 12, 1.234, 10]);
    match(`${longitude} ${latitude}`, /^9\.84\d+ 47\.51\d+$/);
  });

  it("read a weather station", () => {
    const datagram = at(99, { 0: "4c4f4f 00 00", 7: "6075 d002 2d f4 01 08", 33: "50" });
    const { pressure, insideTemperature, insideHumidity, temperature, windSpeed, humidity } = decoded(
      /^Davis/,
      datagram,
    );
    deepEqual(
      [pressure, insideTemperature, insideHumidity, temperature, windSpeed, humidity],
      [30.048, 72, 45, 50, 8, 80],
    );
  });

  it("have rows that the table takes, and names of their own", () => {
    for (const { fields } of RECORD_TEMPLATES) parseStructTemplate(fields, "structTemplate");
    equal(new Set(RECORD_TEMPLATES.map(({ device }) => device)).size, RECORD_TEMPLATES.length);
  });
});
