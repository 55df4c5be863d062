import type { Sentence } from "../../text/sentence";
import { UserError } from "../../text/user-error";

/** Turns one datagram into its readings. @throws {DecodeError} */
export type Decoder = (datagram: Buffer) => readonly unknown[];

/** The datagram is not what the format says. Cheap to make: a flood of bad datagrams makes one for each. */
export class DecodeError extends UserError {
  readonly code = "DECODE_FAILED";
  /** Where it stops to be that, where a decoder knows: in characters of the text, or in bytes for a binary format. */
  at: number | undefined;

  constructor(
    sentence: Sentence,
    readonly reason: "decode" | "depth" = "decode",
  ) {
    super(sentence);
  }
}

/** To be thrown on: an error of a decoder, which says from now on where it happened. */
export function locate(error: unknown, at: number): unknown {
  if (error instanceof DecodeError) error.at ??= at;
  return error;
}
