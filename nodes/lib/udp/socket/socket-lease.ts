import type { ListenAddress } from "./listen-address";
import type { Sender } from "./sender";
import type { SocketFailure } from "./socket-failure";

/** What one subscriber wants of a shared socket. */
export interface SocketRequest extends ListenAddress {
  /** Multicast groups to join, as `groupError` accepts them. */
  readonly groups: readonly string[];
  /** Bytes of SO_RCVBUF to ask for; the largest request counts. */
  readonly receiveBuffer: number;
  /** Bytes of datagrams to hold while the process is busy, where a thread receives; the largest request counts. */
  readonly queueBytes: number;
}

/** Told of everything that happens on a shared socket. Its methods must not throw. */
export interface SocketSubscriber {
  /** The bytes are this subscriber's own. `arrival`: when they were received, in ms since the epoch; default: now. */
  datagram(bytes: Buffer, sender: Sender, arrival?: number): void;
  /** Whether it would only queue what it is given now; missing: never. */
  isBusy?(): boolean;
  /** The socket receives, for the first time or again. `granted`: bytes of SO_RCVBUF. */
  bound(info: { readonly granted: number }): void;
  /** The socket, or one of this subscriber's groups, does not receive. It is retried. */
  failed(failure: SocketFailure): void;
}

/** A subscriber's share of a socket, from the request to the release. */
export interface SocketLease {
  /** Resolves once the port is free, or at once if others still use it. */
  release(): Promise<void>;
  /** Datagrams that the kernel dropped since the lease began, at most a second ago; `undefined`: not known. */
  kernelDrops(): number | undefined;
  /** Datagrams that the receiver thread could not hand on since the lease began. */
  threadDrops(): number;
}
