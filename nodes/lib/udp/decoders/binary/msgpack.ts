import { Unpackr } from "msgpackr/unpack-no-eval";
import type { Decoder } from "../decoder";
import { createBinaryDecoder } from "./binary";
import { scanMsgpack } from "./msgpack-scan";

/** Reads MessagePack. The values that JSON does not have: see `toPlainValue`; timestamps are the only extension accepted. */
export function createMsgpackDecoder(): Decoder {
  const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });
  return createBinaryDecoder({
    name: "MessagePack",
    scan: scanMsgpack,
    decode: (bytes) => unpackr.unpack(bytes),
    unwrap: () => undefined,
  });
}
