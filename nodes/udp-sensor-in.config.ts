import { boolean, type ConfigOf, integer, list, oneOf, type Rule, text } from "./lib/config/fields";
import { cidrError } from "./lib/net/cidr-block";
import { MAX_READINGS } from "./lib/reading/limits";
import { sentence } from "./lib/text/sentence";
import { CONFLATION_MODES } from "./lib/udp/conflation/conflation-mode";
import { CSV_DECIMALS, checkCsvColumn, csvSeparator } from "./lib/udp/decoders/csv/csv-options";
import { FORMATS } from "./lib/udp/decoders/formats";
import { INFLUX_PRECISIONS } from "./lib/udp/decoders/influx/influx-options";
import { structTemplate } from "./lib/udp/decoders/struct/struct-template";
import { FAMILIES } from "./lib/udp/socket/families";
import { groupError } from "./lib/udp/socket/multicast-group";
import { DEFAULT_TOPIC, templateProblem } from "./lib/udp/topic-template";

/** Everything a user can set on a `udp-sensor-in` node. */
export const fields = {
  port: integer({ default: 41234, min: 1, max: 65535 }),
  /** Address or interface name to bind; empty: all. */
  address: text({ default: "" }),
  family: oneOf(FAMILIES, { default: "udp4" }),
  /** Multicast groups to join, on the interface of `address`. */
  groups: list({ check: groupError }),
  format: oneOf(FORMATS, { default: "auto" }),
  /** Format `csv`: names of the columns from the left. */
  csvColumns: list({ check: checkCsvColumn, spaces: true }),
  /** Format `csv`: what stands between values. */
  csvSeparator,
  /** Format `csv`: whether the first line of a datagram names its columns. */
  csvHeader: boolean({ default: false }),
  /** Format `csv`: what stands before the decimals of a number. */
  csvDecimal: oneOf(CSV_DECIMALS, { default: "." }),
  /** Formats `influx` and `auto`: unit of the timestamps. */
  influxPrecision: oneOf(INFLUX_PRECISIONS, { default: "ns" }),
  /** Format `struct`: the fields of a record. */
  structTemplate,
  /** Field of the reading that sets `msg.time`, such as `device.time`; empty: that of line protocol, StatsD or OSC, else the arrival. */
  timeField: text({ default: "" }),
  /** Template over the reading's fields and `{ip}`, `{port}`, `{series}`, with alternatives; levels separated by `/`. */
  topic: text({ default: DEFAULT_TOPIC, check: templateProblem }),
  /** Addresses and CIDR blocks of accepted senders; empty: any. */
  allow: list({ check: cidrError }),
  /** Readings per second accepted from one sender; a datagram counts as one at least. 0: any number. */
  maxRate: integer({ default: 0, min: 0, max: 1_000_000 }),
  /** Readings that one datagram may hold. */
  maxReadings: integer({ default: 500, min: 1, max: MAX_READINGS }),
  /** Longest datagram accepted, in bytes. */
  maxBytes: integer({ default: 65507, min: 1, max: 65507 }),
  /** SO_RCVBUF to ask for, in bytes. */
  receiveBuffer: integer({ default: 4 * 1024 * 1024, min: 4096, max: 1024 * 1024 * 1024 }),
  /** Bytes of datagrams that may wait, in memory of the process, while Node-RED is busy. */
  queueBytes: integer({ default: 16 * 1024 * 1024, min: 128 * 1024, max: 1024 * 1024 * 1024 }),
  /** Milliseconds in which a topic has at most one message; 0: one for each reading. */
  every: integer({ default: 0, min: 0, max: 3_600_000 }),
  /** What that message holds of the readings in that time. */
  conflate: oneOf(CONFLATION_MODES, { default: "newest" }),
  /** Seconds of silence after which the second output tells that a topic is offline; 0: never. */
  offlineAfter: integer({ default: 0, min: 0, max: 1_000_000 }),
  /** Hands rejected datagrams to the second output. */
  rejects: boolean({ default: false }),
};

/** What goes together. */
export const rules: readonly Rule<typeof fields>[] = [
  {
    property: "csvDecimal",
    check: ({ format, csvSeparator, csvDecimal }) =>
      format === "csv" && csvDecimal === csvSeparator ? sentence("decode.accept-decimal") : undefined,
  },
  {
    property: "structTemplate",
    check: ({ format, structTemplate }) =>
      format === "struct" && structTemplate.length === 0 ? sentence("config.at-least-one-field") : undefined,
  },
];

export type UdpSensorInConfig = ConfigOf<typeof fields>;
