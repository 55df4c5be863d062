import type { Clock } from "../../nodes/lib/time/clock";
import type { FrameSink } from "../../nodes/lib/ws/hub/frame-sink";
import { type Frame, parseFrames } from "./fake-frame-sink";

export interface SlowLinkOptions {
  readonly clock: Clock;
  readonly bytesPerSecond: number;
  /** What the system takes at once and holds, so that whoever writes does not see that it is still there. */
  readonly bufferBytes: number;
  /** Called with each frame when its last byte has come through. */
  received(frame: Frame): void;
}

interface Written {
  /** Of the whole stream, where it ends. */
  readonly endsAt: number;
  whenTaken?: () => void;
}

/** A socket whose bytes go through a slow network, on the clock of a test. */
export class SlowLink implements FrameSink {
  readonly #options: SlowLinkOptions;
  #written = 0;
  #flushed = 0;
  #passed = 0;
  #passedAt: number;
  /** Not all of it is in the system's buffer. */
  readonly #waiting: Written[] = [];
  /** Not all of it has come through. */
  readonly #travelling: { readonly frame: Frame; readonly endsAt: number }[] = [];

  constructor(options: SlowLinkOptions) {
    this.#options = options;
    this.#passedAt = options.clock.now();
  }

  get writableLength(): number {
    return this.#written - this.#flushed;
  }

  write(bytes: Buffer): boolean {
    let endsAt = this.#written;
    for (const frame of parseFrames(bytes)) {
      endsAt += frame.payload.length + (frame.payload.length < 126 ? 2 : 4);
      this.#travelling.push({ frame, endsAt });
    }
    this.#written += bytes.length;
    this.#waiting.push({ endsAt: this.#written });
    this.#flush();
    return this.#waiting.length === 0;
  }

  whenTaken(run: () => void): void {
    const last = this.#waiting.at(-1);
    if (last !== undefined) last.whenTaken = run;
  }

  /** Passes on what the time since the last call allows. */
  pass(): void {
    const now = this.#options.clock.now();
    const passable = ((now - this.#passedAt) * this.#options.bytesPerSecond) / 1000;
    this.#passedAt = now;
    this.#passed = Math.min(this.#written, this.#passed + passable);
    this.#flush();
    for (
      let next = this.#travelling[0];
      next !== undefined && next.endsAt <= this.#passed;
      next = this.#travelling[0]
    ) {
      this.#travelling.shift();
      this.#options.received(next.frame);
    }
  }

  #flush(): void {
    const room = this.#passed + this.#options.bufferBytes;
    for (let next = this.#waiting[0]; next !== undefined && next.endsAt <= room; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#flushed = next.endsAt;
      next.whenTaken?.();
    }
  }
}
