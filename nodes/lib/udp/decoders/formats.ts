/** What a datagram may hold. Also read by the editor, so this file imports no decoder. */
export const FORMATS = [
  "auto",
  "json",
  "text",
  "buffer",
  "csv",
  "keyvalue",
  "influx",
  "nmea",
  "statsd",
  "osc",
  "msgpack",
  "cbor",
  "struct",
] as const;

export type Format = (typeof FORMATS)[number];

/** Those of bytes rather than text. */
export const BINARY_FORMATS: readonly Format[] = ["buffer", "osc", "msgpack", "cbor", "struct"];
