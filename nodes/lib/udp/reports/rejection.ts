import type { Sentence } from "../../text/sentence";

/** Why a datagram was rejected; one counter each. */
export const REJECT_REASONS = ["size", "sender", "rate", "decode", "depth", "overload"] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];

export interface Rejection {
  readonly reason: RejectReason;
  /** What was wrong, without the sender. */
  readonly error: Sentence;
}
