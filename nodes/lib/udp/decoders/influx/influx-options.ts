/** Units of the timestamps of line protocol. The protocol's own default is nanoseconds. */
export const INFLUX_PRECISIONS = ["ns", "us", "ms", "s"] as const;

export type InfluxPrecision = (typeof INFLUX_PRECISIONS)[number];

export interface InfluxOptions {
  readonly precision: InfluxPrecision;
}
