import { isUtf8 } from "node:buffer";
import { sentence } from "../../text/sentence";
import { DecodeError } from "./decoder";

const BYTE_ORDER_MARK = 0xfeff;

/**
 * The text of a datagram, without a byte order mark.
 * @throws {DecodeError} instead of replacing what is not UTF-8, which would lose it silently
 */
export function readUtf8(datagram: Buffer): string {
  if (!isUtf8(datagram)) throw new DecodeError(sentence("decode.not-utf8"));
  const text = datagram.toString("utf8");
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}
