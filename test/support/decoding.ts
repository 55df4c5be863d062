import assert from "node:assert/strict";
import { DecodeError, type Decoder } from "../../nodes/lib/udp/decoders/decoder";

/** Asserts that a decoder refuses a datagram for a reason and with a message. */
export function assertRefused(
  decode: Decoder,
  datagram: string | Buffer,
  reason: "decode" | "depth",
  message: RegExp,
): void {
  assert.throws(
    () => decode(Buffer.from(datagram)),
    (error) => {
      assert.ok(error instanceof DecodeError, String(error));
      assert.equal(error.reason, reason);
      assert.match(error.message, message);
      return true;
    },
  );
}
