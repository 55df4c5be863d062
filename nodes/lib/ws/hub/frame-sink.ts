/** The write side of one client's socket, as much of it as the hub needs. Real: a `net.Socket`; in tests: a fake. */
export interface FrameSink {
  /** Takes whole frames. @returns whether the kernel has taken all that was written so far, as it nearly always does at once */
  write(frames: Buffer): boolean;
  /** To be called after each write that was not taken at once. @param run called once the kernel has taken that write; always the same */
  whenTaken(run: () => void): void;
  /** Whether it holds copies of its own of what it was given, as a socket does that encrypts; default: no. */
  readonly copies?: boolean;
  /** Whether its client decompresses messages, as RFC 7692 has it; default: no. */
  readonly inflates?: boolean;
  /** Bytes written that the kernel has not taken yet. */
  readonly writableLength: number;
}
