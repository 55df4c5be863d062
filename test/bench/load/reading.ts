export const READING_BYTES = 100;

/** What a reading of the benchmark says; always the same number of bytes, also after it was parsed and written again. */
export interface Reading {
  readonly sensor: string;
  readonly value: number;
  /** 0 for the first that a sender sends. */
  readonly seq: number;
  /** When it was sent, as `nowUs`. */
  readonly t: number;
  readonly pad: string;
}

/** Microseconds on a clock that all processes of a machine share. */
export function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + Math.floor(nanoseconds / 1000);
}

/** @param topics how many sensors take turns */
export function writeReading(seq: number, topics: number): string {
  const start = `{"sensor":"s${seq % topics}","value":21.75,"seq":${seq},"t":${nowUs()},"pad":"`;
  return `${start.padEnd(READING_BYTES - 2, "x")}"}`;
}
