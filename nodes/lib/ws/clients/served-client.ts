import type { Counts } from "../hub/counts";
import type { PublishOptions, TargetedMessage } from "../hub/hub-options";
import type { Topic } from "../hub/log/topic";
import type { Subscription } from "../hub/subscription";
import type { CloseReason } from "./close-reasons";

/** A client as its server knows it, wherever it is served. */
export interface ServedClient {
  readonly id: string;
  readonly address: string;
  /** When it was accepted, in ms since the epoch. */
  readonly since: number;
  readonly subscription: Subscription;
  /** Texts that it sent, to no effect. */
  readonly ignored: number;
  /** Its counts are final, though its socket may be there. */
  readonly hasLeft: boolean;
  /** Its counts are not final although it is gone, for who served it has ended. */
  readonly isUnknown: boolean;
  counts(): Counts;
  progress(): Progress;
  /** @returns whether it was sent: not to a client that is too far behind */
  sendTo(message: TargetedMessage, options: PublishOptions): boolean | Promise<boolean>;
  /** It is sent no more readings, and asked to leave. It has left once its socket is gone. */
  close(reason: CloseReason): void;
}

/** How far a client has got, at a cost that does not depend on the number of topics. */
export interface Progress {
  readonly delivered: number;
  readonly dropped: number;
  /** Superseded, and, of a client that is fed by topic, not sent yet. */
  readonly conflated: number;
  /** `null` where counting them would take long. */
  readonly pending: number | null;
  /** Bytes that wait in its socket. */
  readonly waitingBytes: number;
}

/** Told of what happens to clients. */
export interface ClientsListener {
  slow(client: ServedClient): void;
  recovered(client: ServedClient): void;
  /** Its socket is gone; its counts are final. Called exactly once. */
  left(client: ServedClient, code: number, reason: string): void;
  /** An error of our own. */
  failed(error: unknown): void;
}

/** Where clients are served: in this process, or in others. */
export interface ClientHost {
  /** Of all its clients, also those that have left. */
  counts(): Counts;
  /** Of those that have left alone. */
  readonly departed: Counts;
  /** Texts that all of them have sent. */
  readonly ignored: number;
  /** How many of its clients get the readings of a topic. */
  audienceOf(topic: Topic): number;
  /** Resolves once all counts are those of now; `undefined`: they are. */
  refresh(): Promise<void> | undefined;
  /** To be called when all clients have left. */
  close(): void | Promise<void>;
}
