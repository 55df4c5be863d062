import type { FrameSink } from "./frame-sink";
import type { HubClient } from "./hub-client";
import type { SocketMemory } from "./socket-memory";

/** What all outboxes of a hub have in common. */
export interface OutboxContext {
  readonly memory: SocketMemory;
  /** A client's sink has taken everything, and `awaitTaken` asked for this. */
  onTaken(client: HubClient): void;
}

/** A client's sink, with what was written to it and it has not taken yet. */
export class Outbox {
  readonly sink: FrameSink;
  readonly client: HubClient;
  readonly #context: OutboxContext;
  /** Made when the sink is first behind: most never are. */
  #taken: (() => void) | undefined;
  /** That the sink did not take at once. */
  #writes = 0;
  #bytesWritten = 0;
  #isAwaited = false;

  constructor(sink: FrameSink, client: HubClient, context: OutboxContext) {
    this.sink = sink;
    this.client = client;
    this.#context = context;
  }

  /** The sink has not taken all that was written. */
  get isBusy(): boolean {
    return this.#writes > 0;
  }

  /** All that were ever written. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** Those written that the sink has not taken. */
  get bytes(): number {
    return this.sink.writableLength;
  }

  write(frames: Buffer): void {
    this.#bytesWritten += frames.length;
    if (this.sink.write(frames)) return;
    this.#writes++;
    if (this.sink.writableLength > 0) this.#context.memory.hold(this, frames);
    this.#taken ??= () => this.#oneTaken();
    this.sink.whenTaken(this.#taken);
  }

  /** Has the client served again once the sink has taken everything. To be called while it has not. */
  awaitTaken(): void {
    this.#isAwaited = true;
  }

  #oneTaken(): void {
    if (--this.#writes > 0) return;
    this.#context.memory.release(this);
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.#context.onTaken(this.client);
  }
}
