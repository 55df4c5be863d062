import type { FrameSink } from "./frame-sink";

/** A client's sink, with what was written to it and it has not taken yet. */
export class Outbox {
  readonly sink: FrameSink;
  readonly #taken: () => void;
  #writes = 0;
  #isAwaited = false;

  /** @param onTaken called when everything written was taken, if `awaitTaken` asked for it */
  constructor(sink: FrameSink, onTaken: () => void) {
    this.sink = sink;
    this.#taken = () => {
      if (--this.#writes > 0 || !this.#isAwaited) return;
      this.#isAwaited = false;
      onTaken();
    };
  }

  /** The sink has not taken all that was written. */
  get isBusy(): boolean {
    return this.#writes > 0;
  }

  get bytes(): number {
    return this.sink.writableLength;
  }

  write(frames: Buffer): void {
    this.#writes++;
    this.sink.write(frames, this.#taken);
  }

  /** Has `onTaken` called once. To be called while the outbox is busy. */
  awaitTaken(): void {
    this.#isAwaited = true;
  }
}
