import type { Sentence } from "../../text/sentence";
import { UserError } from "../../text/user-error";

/** Turns one datagram into its readings. @throws {DecodeError} */
export type Decoder = (datagram: Buffer) => readonly unknown[];

/** The datagram is not what the format says. Cheap to make: a flood of bad datagrams makes one for each. */
export class DecodeError extends UserError {
  readonly code = "DECODE_FAILED";

  constructor(
    sentence: Sentence,
    readonly reason: "decode" | "depth" = "decode",
  ) {
    super(sentence);
  }
}
