import { Decoder as CborDecoder } from "cbor-x/decode-no-eval";
import type { Decoder } from "../decoder";
import { createBinaryDecoder } from "./binary";
import { scanCbor } from "./cbor-scan";

/**
 * Reads CBOR (RFC 8949). The values that JSON does not have: see `toPlainValue`; harmless tags are dropped. The library
 * keeps those that it does not know as objects `{ value, tag }` of its class `Tag`.
 */
export function createCborDecoder(): Decoder {
  const decoder = new CborDecoder({ useRecords: false, mapsAsObjects: true });
  return createBinaryDecoder({
    name: "CBOR",
    scan: scanCbor,
    decode: (bytes) => decoder.decode(bytes),
    unwrap: (value) => ("tag" in value && "value" in value ? value.value : undefined),
  });
}
