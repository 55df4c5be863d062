import type { Sender } from "../../nodes/lib/udp/socket/sender";
import type { SocketFailure } from "../../nodes/lib/udp/socket/socket-failure";
import type { SocketSubscriber } from "../../nodes/lib/udp/socket/socket-lease";

/** A subscriber of a real socket that waits for what it is told. */
export class SocketInbox implements SocketSubscriber {
  readonly texts: string[] = [];
  readonly senders: Sender[] = [];
  /** When each datagram arrived, in ms since the epoch, where that is told. */
  readonly arrivals: (number | undefined)[] = [];
  readonly failures: SocketFailure[] = [];
  /** Bytes of SO_RCVBUF, each time that the socket was bound. */
  readonly granted: number[] = [];
  #wake: () => void = () => undefined;

  datagram(bytes: Buffer, sender: Sender, arrival?: number): void {
    this.texts.push(String(bytes));
    this.senders.push(sender);
    this.arrivals.push(arrival);
    this.#wake();
  }

  bound({ granted }: { readonly granted: number }): void {
    this.granted.push(granted);
    this.#wake();
  }

  failed(failure: SocketFailure): void {
    this.failures.push(failure);
    this.#wake();
  }

  /** Resolves once something is true. For one that waits at a time. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Resolves once the socket is bound so many times. @throws the failure, if it fails before */
  async isBound(times = 1): Promise<void> {
    await this.until(() => this.granted.length >= times || this.failures.length > 0);
    if (this.granted.length < times) throw this.failures[0];
  }

  /** Resolves with all texts so far once this one is among them. */
  async untilText(text: string): Promise<string[]> {
    await this.until(() => this.texts.includes(text));
    return this.texts;
  }
}
