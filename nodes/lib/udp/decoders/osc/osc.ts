import { MAX_NESTING } from "../../../reading/limits";
import { quote } from "../../../text/quote";
import { sentence } from "../../../text/sentence";
import { DecodeError, type Decoder, locate } from "../decoder";
import { checkReadingCount, tooDeep } from "../limits";
import { readOscArguments } from "./osc-arguments";
import { OscReader } from "./osc-reader";
import { oscTime } from "./osc-time";

/** One message. It has a `value` if it has one argument, else `values`. */
export type OscReading = {
  /** Of what it is about, such as `/1/fader3`. */
  readonly address: string;
  /** Of the bundle around it, in ms since 1970, with a fraction. */
  readonly timestamp?: number;
} & ({ readonly value: unknown } | { readonly values: readonly unknown[] });

const BUNDLE = Buffer.from("#bundle\0");
const TIME_TAG_BYTES = 8;

/**
 * Reads Open Sound Control 1.0, one reading per message, also in bundles inside of bundles.
 *
 * By hand, since the best-kept library for it, `osc-min` 2.1, silently leaves out the messages of a bundle that it cannot read,
 * follows bundles as deep as the stack goes (a quarter of a second for one datagram), and replaces what is not UTF-8.
 * Source: https://opensoundcontrol.stanford.edu/spec-1_0.html
 */
export const decodeOsc: Decoder = (datagram) => {
  if (datagram.length === 0) throw new DecodeError(sentence("decode.empty"));
  const reader = new OscReader(datagram);
  const readings: OscReading[] = [];
  try {
    reader.within(datagram.length, () => readPacket(reader, readings, { depth: 0, timestamp: undefined }));
  } catch (error) {
    throw locate(error, reader.position);
  }
  return readings;
};

/** What is around a message. */
interface Surroundings {
  /** Bundles. */
  readonly depth: number;
  readonly timestamp: number | undefined;
}

function readPacket(reader: OscReader, readings: OscReading[], around: Surroundings): void {
  if (reader.startsWith(BUNDLE)) readBundle(reader, readings, around);
  else {
    checkReadingCount(readings);
    readings.push(readMessage(reader, around));
  }
}

function readBundle(reader: OscReader, readings: OscReading[], { depth, timestamp }: Surroundings): void {
  if (depth >= MAX_NESTING) throw tooDeep();
  reader.skip(BUNDLE.length);
  const inside = { depth: depth + 1, timestamp: oscTime(reader.bytes, reader.skip(TIME_TAG_BYTES)) ?? timestamp };
  while (!reader.isAtEnd) {
    const length = reader.bytes.readUInt32BE(reader.skip(4));
    reader.within(length, () => readPacket(reader, readings, inside));
  }
}

function readMessage(reader: OscReader, { timestamp }: Surroundings): OscReading {
  const address = reader.text();
  if (!address.startsWith("/")) throw new DecodeError(sentence("decode.osc-address", { text: quote(address) }));
  const values = readOscArguments(reader);
  const named = timestamp === undefined ? { address } : { address, timestamp };
  return values.length === 1 ? { ...named, value: values[0] } : { ...named, values };
}
