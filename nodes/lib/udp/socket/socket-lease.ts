import type { Endpoint } from "./bind-address";
import type { Sender } from "./sender";
import type { SocketFailure } from "./socket-failure";

/** What one holder wants of a shared socket. */
export interface SocketRequest extends Endpoint {
  /** Multicast groups to join, as `groupError` accepts them. */
  readonly groups: readonly string[];
  /** Bytes of SO_RCVBUF to ask for; the largest request counts. */
  readonly receiveBuffer: number;
}

/** Told of everything that happens on a shared socket. Its methods must not throw. */
export interface SocketSubscriber {
  /** The bytes are this holder's own. */
  datagram(bytes: Buffer, sender: Sender): void;
  /** The socket receives, for the first time or again. `granted`: bytes of SO_RCVBUF. */
  bound(info: { readonly granted: number }): void;
  /** The socket, or one of this holder's groups, does not receive. It is retried. */
  failed(failure: SocketFailure): void;
}

export interface SocketLease {
  /** Resolves once the port is free, or at once if others still hold it. */
  release(): Promise<void>;
  /** Datagrams that the kernel dropped since the hold began, at most a second ago; `undefined`: not known. */
  kernelDrops(): number | undefined;
}
