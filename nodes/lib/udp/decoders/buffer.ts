import type { Decoder } from "./decoder";

/** One reading: the bytes as they came, none of them too. */
export const decodeBuffer: Decoder = (datagram) => [datagram];
