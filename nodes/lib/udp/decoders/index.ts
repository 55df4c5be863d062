import { decodeAuto } from "./auto";
import { decodeBuffer } from "./buffer";
import type { Decoder } from "./decoder";
import type { Format } from "./formats";
import { decodeJson } from "./json";
import { decodeText } from "./text";

/** The part of a node's configuration that decoders read. A format with options of its own adds them here. */
export interface DecoderConfig {
  readonly format: Format;
}

const DECODERS: Readonly<Record<Format, (config: DecoderConfig) => Decoder>> = {
  auto: () => decodeAuto,
  json: () => decodeJson,
  text: () => decodeText,
  buffer: () => decodeBuffer,
};

export function createDecoder(config: DecoderConfig): Decoder {
  return DECODERS[config.format](config);
}
