import type { Clock } from "../../time/clock";
import type { DatagramSocket } from "./socket-environment";

/** What was received before the last subscriber left waits so long for the next one: a redeploy takes less. */
const KEPT_MS = 10_000;

/**
 * The closed sockets of an address that have yet to deliver what they received, in the order in which they were closed: only a
 * receiver thread has such.
 */
export class Backlog {
  readonly #sockets = new Set<DatagramSocket>();
  readonly #clock: Clock;
  readonly #abandoned: (datagrams: number) => void;
  #cancelKeeping: (() => void) | undefined;
  #isPaused = false;
  #unheard = 0;

  /** @param abandoned told how many datagrams nobody was there for, once the last of them has come out */
  constructor(clock: Clock, abandoned: (datagrams: number) => void) {
    this.#clock = clock;
    this.#abandoned = abandoned;
  }

  get isEmpty(): boolean {
    return this.#sockets.size === 0;
  }

  /** To be called before the socket is closed. */
  add(socket: DatagramSocket): void {
    if (socket.pause === undefined) return;
    this.#sockets.add(socket);
    if (this.#isPaused) socket.pause();
    socket.on("end", () => {
      this.#sockets.delete(socket);
      this.#report();
    });
  }

  /** Whether something goes out before what that socket received. */
  isBefore(socket: DatagramSocket): boolean {
    for (const first of this.#sockets) return first !== socket;
    return false;
  }

  /** A datagram came out, and nobody was there. */
  unheard(): void {
    this.#unheard++;
  }

  /** Everything waits until there is somebody again. */
  pause(): void {
    this.#isPaused = true;
    for (const socket of this.#sockets) socket.pause?.();
  }

  resume(): void {
    this.expect();
    this.#isPaused = false;
    for (const socket of this.#sockets) socket.resume?.();
  }

  /**
   * Everything goes out now, before this returns. Takes some microseconds for each datagram; what its listeners have no room for they
   * reject, and count.
   */
  flush(): void {
    this.expect();
    this.#isPaused = false;
    for (const socket of this.#sockets) socket.flush?.();
  }

  /** Keeps it for a while, after which it comes out, whoever is there. @param over told then */
  keep(over: () => void): void {
    this.expect();
    this.#cancelKeeping = this.#clock.timeout(() => {
      over();
      this.resume();
    }, KEPT_MS);
  }

  /** Somebody has come: it is kept until `resume`. */
  expect(): void {
    this.#cancelKeeping?.();
    this.#cancelKeeping = undefined;
  }

  #report(): void {
    if (this.#sockets.size > 0 || this.#unheard === 0) return;
    const unheard = this.#unheard;
    this.#unheard = 0;
    this.#abandoned(unheard);
  }
}
