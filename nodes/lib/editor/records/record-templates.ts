import type { SavedStructField } from "../../udp/decoders/struct/struct-template";

/** A device whose datagrams are documented. */
export interface RecordTemplate {
  readonly device: string;
  readonly fields: readonly SavedStructField[];
}

type Row = readonly [
  name: string,
  type: string,
  more?: { readonly scale?: number; readonly unit?: string; readonly at?: number },
];

function rowsOf(endianness: "little" | "big", rows: readonly Row[]): readonly SavedStructField[] {
  return rows.map(([name, type, { scale = "", unit = "", at = "" } = {}]) => {
    return { name, type, offset: at, endianness, scale, unit };
  });
}

/**
 * Records of devices that many have, ready to be chosen. Constants tell them from other datagrams on the same port.
 *
 * Sources: SMA, "SMA Energy Meter, meter protocol" (EMETER-Protokoll-TI-en-10), which goes to multicast group 239.12.255.254, port
 * 9522; u-blox, "u-blox 8 / M8 Receiver description including protocol specification" (UBX-13003221), UBX-NAV-PVT, by way of
 * a gateway from its serial port; Davis Instruments, "Vantage Pro, Vantage Pro2 and Vantage Vue Serial Communication
 * Reference Manual" (rev 2.6.1), LOOP packet, the same way.
 */
export const RECORD_TEMPLATES: readonly RecordTemplate[] = [
  {
    device: "SMA Energy Meter, Home Manager",
    fields: rowsOf("big", [
      ["", "const:534d4100"],
      ["", "const:6069", { at: 16 }],
      ["serial", "u32", { at: 20 }],
      ["uptime", "u32", { scale: 0.001, unit: "s" }],
      ["", "const:00010400"],
      ["importPower", "u32", { scale: 0.1, unit: "W" }],
      ["", "const:00010800"],
      ["imported", "u64", { unit: "Ws" }],
      ["", "const:00020400"],
      ["exportPower", "u32", { scale: 0.1, unit: "W" }],
      ["", "const:00020800"],
      ["exported", "u64", { unit: "Ws" }],
      ["", "const:000d0400", { at: 148 }],
      ["powerFactor", "u32", { scale: 0.001 }],
    ]),
  },
  {
    device: "u-blox GNSS (UBX-NAV-PVT)",
    fields: rowsOf("little", [
      ["", "const:b56201075c00"],
      ["timeOfWeek", "u32", { scale: 0.001, unit: "s" }],
      ["fixType", "u8", { at: 26 }],
      ["satellites", "u8", { at: 29 }],
      ["longitude", "i32", { scale: 1e-7, unit: "°" }],
      ["latitude", "i32", { scale: 1e-7, unit: "°" }],
      ["height", "i32", { scale: 0.001, unit: "m" }],
      ["heightAboveSea", "i32", { scale: 0.001, unit: "m" }],
      ["accuracy", "u32", { scale: 0.001, unit: "m" }],
      ["speed", "i32", { scale: 0.001, unit: "m/s", at: 66 }],
      ["course", "i32", { scale: 1e-5, unit: "°" }],
    ]),
  },
  {
    device: "Davis Vantage Pro, Pro2, Vue (LOOP)",
    fields: rowsOf("little", [
      ["", "const:4c4f4f"],
      ["", "const:00", { at: 4 }],
      ["pressure", "u16", { scale: 0.001, unit: "inHg", at: 7 }],
      ["insideTemperature", "i16", { scale: 0.1, unit: "°F" }],
      ["insideHumidity", "u8", { unit: "%" }],
      ["temperature", "i16", { scale: 0.1, unit: "°F" }],
      ["windSpeed", "u8", { unit: "mph" }],
      ["windSpeedMean", "u8", { unit: "mph" }],
      ["windDirection", "u16", { unit: "°" }],
      ["humidity", "u8", { unit: "%", at: 33 }],
      ["rainRate", "u16", { unit: "clicks/h", at: 41 }],
      ["uvIndex", "u8", { scale: 0.1 }],
      ["solarRadiation", "u16", { unit: "W/m²" }],
      ["rainToday", "u16", { unit: "clicks", at: 50 }],
    ]),
  },
];
