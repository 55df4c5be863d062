import type { RejectReason } from "./reports/rejection";
import type { TopicChange } from "./reports/topic-silence";

/** Where a message came from: its datagram's sender, and when it arrived or says it was made, in ms since the epoch. */
type Origin = {
  readonly ip: string;
  readonly port: number;
  readonly time: number;
};

/** As the core `split` node writes it, so that the core `join` node puts the readings of a datagram together again. */
export interface MessageParts {
  readonly id: string;
  readonly index: number;
  readonly count: number;
  readonly type: "array";
  readonly len: 1;
}

/** One reading, in an object of its own: Node-RED may add to it. */
export type ReadingMessage = Origin & {
  readonly _msgid: string;
  readonly payload: unknown;
  readonly topic: string;
  /** Only when its datagram had several, and none of them is held back. */
  parts?: MessageParts;
  /** Only where a topic has at most one message in a while: how many readings this one stands for. */
  readonly readings?: number;
  /** Of each of them, if all are in the payload. */
  readonly times?: readonly number[];
};

/** One rejected datagram. */
export type RejectedMessage = Origin & {
  readonly payload: Buffer;
  readonly topic: "";
  readonly reason: RejectReason;
  /** What was wrong, in the user's language. */
  readonly error: string;
};

/** One change of a topic that is watched. */
export type TopicChangeMessage = {
  readonly payload: TopicChange;
  readonly topic: string;
};
