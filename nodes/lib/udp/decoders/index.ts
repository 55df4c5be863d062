import { createAutoDecoder } from "./auto";
import { createCborDecoder } from "./binary/cbor";
import { createMsgpackDecoder } from "./binary/msgpack";
import { decodeBuffer } from "./buffer";
import { createCsvDecoder } from "./csv/csv";
import type { CsvDecimal } from "./csv/csv-options";
import type { Decoder } from "./decoder";
import type { Format } from "./formats";
import { createInfluxDecoder } from "./influx/influx";
import type { InfluxPrecision } from "./influx/influx-options";
import { decodeJson } from "./json/json";
import { createKeyValueDecoder } from "./key-value";
import { createNmeaDecoder } from "./nmea/nmea";
import { decodeOsc } from "./osc/osc";
import { decodeStatsd } from "./statsd/statsd";
import { createStructDecoder } from "./struct/struct";
import type { StructField } from "./struct/struct-template";
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
  statsd: () => decodeStatsd,
  osc: () => decodeOsc,
  msgpack: createMsgpackDecoder,
  cbor: createCborDecoder,
  struct: ({ structTemplate }) => createStructDecoder(structTemplate),
};

export function createDecoder(config: DecoderConfig): Decoder {
  return DECODERS[config.format](config);
}
