import type { Clock } from "../../time/clock";
import type { ThreadSocket } from "./thread-socket";

/** A slice of handling datagrams ends after so long, so that the rest of Node-RED gets its turn. */
const SLICE_MS = 4;
/** How many datagrams of one socket are handled before the next socket has its turn, and the clock is read. */
const DATAGRAMS_PER_TURN = 8;

/**
 * Has sockets deliver what lies in their rings: some datagrams of each in turn, in slices, and none of those that are held, or
 * paused.
 */
export class Deliveries {
  readonly #clock: Clock;
  #ready: ThreadSocket[] = [];
  /** Those that are closed, and what to do once they hold nothing any more. */
  readonly #closing = new Map<ThreadSocket, () => void>();
  #cancelSlice: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins at once with those that hold datagrams. */
  wake(sockets: Iterable<ThreadSocket>): void {
    for (const socket of sockets) if (socket.hasDatagrams && !socket.isPaused) this.#queue(socket);
    if (this.#cancelSlice === undefined) this.#slice();
  }

  /**
   * Begins at once to empty a socket that receives no more, or if it is paused, once it is woken.
   * @param done told when it holds nothing any more
   */
  empty(socket: ThreadSocket, done: () => void): void {
    this.#closing.set(socket, done);
    if (socket.isPaused && socket.hasDatagrams) return;
    this.#queue(socket);
    this.#cancelSlice?.();
    this.#slice();
  }

  /** Has a socket deliver all that it holds at once, for however long that takes. */
  flush(socket: ThreadSocket): void {
    while (socket.deliverNext());
    this.#emptied(socket);
  }

  #queue(socket: ThreadSocket): void {
    if (socket.isQueued) return;
    socket.isQueued = true;
    this.#ready.push(socket);
  }

  #slice(): void {
    this.#cancelSlice = undefined;
    const start = this.#clock.now();
    const held: ThreadSocket[] = [];
    for (let socket = this.#ready.shift(); socket !== undefined; socket = this.#ready.shift()) {
      if (socket.isPaused && socket.hasDatagrams) {
        socket.isQueued = false;
        continue;
      }
      if (socket.isHeld && socket.hasDatagrams) {
        held.push(socket);
        continue;
      }
      let handled = 0;
      while (handled < DATAGRAMS_PER_TURN && socket.deliverNext()) handled++;
      if (handled === DATAGRAMS_PER_TURN) this.#ready.push(socket);
      else this.#emptied(socket);
      if (this.#ready.length > 0 && this.#clock.now() - start >= SLICE_MS) break;
    }
    if (held.length > 0) this.#ready.push(...held);
    if (this.#ready.length > 0) this.#cancelSlice = this.#clock.immediate(() => this.#slice());
  }

  #emptied(socket: ThreadSocket): void {
    socket.isQueued = false;
    const done = this.#closing.get(socket);
    this.#closing.delete(socket);
    done?.();
  }
}
