/** Pings are spread over an interval in so many slices, so that no tick of the event loop has to write to every client. */
const SLICES = 32;

/** One end of a connection that can be asked whether it is alive. */
export interface Beating {
  /**
   * Pings the peer.
   * @returns false when nothing was heard of it since the ping before
   */
  beat(): boolean;
  terminate(): void;
}

/** Calls `run` every `intervalMs` until the returned function is called. */
export type Every = (intervalMs: number, run: () => void) => () => void;

const every: Every = (intervalMs, run) => {
  const timer = setInterval(run, intervalMs);
  return () => clearInterval(timer);
};

/**
 * Pings every member once per interval, with one timer for all of them, and terminates a member that gives no sign of
 * life until its next turn: silent for more than one interval, and never for more than two.
 */
export class Heartbeat {
  readonly #slices = Array.from({ length: SLICES }, () => new Set<Beating>());
  readonly #stop: () => void;
  #joined = 0;
  #turn = 0;

  constructor(intervalMs: number, startEvery: Every = every) {
    this.#stop = startEvery(intervalMs / SLICES, () => this.#tick());
  }

  /** @returns takes the member out again */
  add(member: Beating): () => void {
    const slice = this.#slices[this.#joined++ % SLICES];
    slice?.add(member);
    return () => slice?.delete(member);
  }

  stop(): void {
    this.#stop();
  }

  #tick(): void {
    const slice = this.#slices[this.#turn++ % SLICES] ?? [];
    for (const member of slice) {
      if (!member.beat()) member.terminate();
    }
  }
}
