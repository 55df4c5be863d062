/** The write side of one client's socket, as much of it as the hub needs. Real: a `net.Socket`; in tests: a fake. */
export interface FrameSink {
  /** Takes whole frames. `flushed` is called once the kernel has taken all that was written so far. */
  write(frames: Buffer, flushed: () => void): void;
  /** Whether it holds copies of its own of what it was given, as a socket does that encrypts; default: no. */
  readonly copies?: boolean;
  /** Whether its client decompresses messages, as RFC 7692 has it; default: no. */
  readonly inflates?: boolean;
  /** Bytes written that the kernel has not taken yet. */
  readonly writableLength: number;
}
