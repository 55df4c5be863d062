import { type Sentence, sentence } from "../text/sentence";
import type { Arrival } from "./datagram-queue";
import { DecodeError } from "./decoders/decoder";
import { BINARY_FORMATS, type Format } from "./decoders/formats";
import { createDecoder, type DecoderConfig } from "./decoders/index";
import { JsonSyntaxError } from "./decoders/json/json";
import { jsonErrorPosition } from "./decoders/json/json-position";
import { tooManyReadings } from "./decoders/limits";
import { type MessageConfig, MessageMaker } from "./message-maker";

/** The properties of a node that decide what a datagram becomes. */
export interface PreviewConfig extends DecoderConfig, MessageConfig {
  readonly maxReadings: number;
}

/** What a datagram would become. */
export type Preview = DecodedPreview | FailedPreview;

export interface DecodedPreview {
  readonly readings: readonly PreviewedReading[];
  /** Of all readings in the datagram, also those beyond `MAX_SHOWN`. */
  readonly count: number;
}

export interface PreviewedReading {
  readonly payload: unknown;
  readonly topic: string;
  /** `msg.time`, in ms since 1970. */
  readonly time: number;
}

export interface FailedPreview {
  readonly error: Sentence;
  /** The byte of the datagram where it went wrong, if that is known; its length where something is missing at the end. */
  readonly at: number | undefined;
}

/** Readings shown of one datagram. */
const MAX_SHOWN = 20;
const BYTE_ORDER_MARK = "\ufeff";

/**
 * Decodes datagrams as a node with that configuration would, counts nothing and sends nothing. One preview for each
 * datagram, in order, whatever they hold.
 */
export function previewDecode(config: PreviewConfig, datagrams: readonly Arrival[]): Preview[] {
  const decode = createDecoder(config);
  const messages = new MessageMaker(config);
  return datagrams.map((arrival) => {
    try {
      const readings = decode(arrival.bytes);
      const count = readings.length;
      if (count > config.maxReadings) throw tooManyReadings(config.maxReadings);
      if (count === 0) throw new DecodeError(sentence("decode.no-reading"));
      const shown = readings.slice(0, MAX_SHOWN).map((reading, index) => {
        const { payload, topic, time } = messages.message(reading, arrival, { id: "", index, count });
        return { payload, topic, time };
      });
      return { readings: shown, count };
    } catch (error) {
      return failed(error, arrival.bytes, config.format);
    }
  });
}

function failed(error: unknown, bytes: Buffer, format: Format): FailedPreview {
  if (!(error instanceof DecodeError)) {
    return { error: sentence("decode.failed", { reason: String(error) }), at: undefined };
  }
  const isJson = error instanceof JsonSyntaxError;
  if (!isJson && (error.at === undefined || BINARY_FORMATS.includes(format)))
    return { error: error.sentence, at: error.at };
  // Of NMEA sentences a character is a byte; of UTF-8, it may be up to four, and a byte order mark is not counted.
  const encoding = format === "nmea" ? "latin1" : "utf8";
  const text = bytes.toString(encoding);
  const start = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const at = error.at ?? jsonErrorPosition(text.slice(start));
  return { error: error.sentence, at: Buffer.byteLength(text.slice(0, start + at), encoding) };
}
