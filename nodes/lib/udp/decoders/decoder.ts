/** Turns one datagram into its readings. @throws {DecodeError} */
export type Decoder = (datagram: Buffer) => readonly unknown[];

/** The datagram is not what the format says. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";

  constructor(
    message: string,
    readonly reason: "decode" | "depth" = "decode",
  ) {
    super(message);
  }
}
