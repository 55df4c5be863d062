/** What a reading of the benchmark says; always the same number of bytes, also after it was parsed and written again. */
export interface Reading {
  readonly sensor: string;
  readonly value: number;
  /** 0 for the first that a sender sends. */
  readonly seq: number;
  /** When it was due to be sent, as `nowUs`: a sender that comes late does not make readings look younger. */
  readonly t: number;
  readonly pad: string;
}

/** Microseconds on a clock that all processes of a machine share. */
export function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + Math.floor(nanoseconds / 1000);
}

/** What a sender sends: readings of `bytes` bytes each, of `topics` sensors that take turns. */
export interface Feed {
  readonly perSecond: number;
  readonly topics: number;
  readonly bytes: number;
  /** Readings that share a datagram, as a JSON array; default: 1. */
  readonly perDatagram?: number;
}

/** @param dueUs as `nowUs` */
export function writeReading(seq: number, dueUs: number, { topics, bytes }: Feed): string {
  const start = `{"sensor":"s${seq % topics}","value":21.75,"seq":${seq},"t":${dueUs},"pad":"`;
  return `${start.padEnd(bytes - 2, "x")}"}`;
}
