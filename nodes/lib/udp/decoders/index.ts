import { createAutoDecoder } from "./auto";
import { decodeBuffer } from "./buffer";
import { createCborDecoder } from "./cbor";
import { createCsvDecoder } from "./csv";
import type { CsvDecimal } from "./csv-options";
import type { Decoder } from "./decoder";
import type { Format } from "./formats";
import { createInfluxDecoder } from "./influx";
import type { InfluxPrecision } from "./influx-options";
import { decodeJson } from "./json";
import { createKeyValueDecoder } from "./key-value";
import { createMsgpackDecoder } from "./msgpack";
import { createNmeaDecoder } from "./nmea";
import { createStructDecoder } from "./struct";
import type { StructField } from "./struct-template";
import { decodeText } from "./text";

/** The part of a node's configuration that decoders read. A format with options of its own adds them here. */
export interface DecoderConfig {
  readonly format: Format;
  readonly csvColumns: readonly string[];
  readonly csvSeparator: string;
  readonly csvHeader: boolean;
  readonly csvDecimal: CsvDecimal;
  readonly influxPrecision: InfluxPrecision;
  readonly structTemplate: readonly StructField[];
}

const DECODERS: Readonly<Record<Format, (config: DecoderConfig) => Decoder>> = {
  auto: ({ influxPrecision }) => createAutoDecoder({ precision: influxPrecision }),
  json: () => decodeJson,
  text: () => decodeText,
  buffer: () => decodeBuffer,
  csv: ({ csvColumns: columns, csvSeparator: separator, csvHeader: header, csvDecimal: decimal }) =>
    createCsvDecoder({ columns, separator, header, decimal }),
  keyvalue: createKeyValueDecoder,
  influx: ({ influxPrecision }) => createInfluxDecoder({ precision: influxPrecision }),
  nmea: createNmeaDecoder,
  msgpack: createMsgpackDecoder,
  cbor: createCborDecoder,
  struct: ({ structTemplate }) => createStructDecoder(structTemplate),
};

export function createDecoder(config: DecoderConfig): Decoder {
  return DECODERS[config.format](config);
}
