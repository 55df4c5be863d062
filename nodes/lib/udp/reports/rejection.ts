/** Why a datagram was rejected; one counter each. */
export const REJECT_REASONS = ["size", "sender", "rate", "decode", "depth"] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];

export interface Rejection {
  readonly reason: RejectReason;
  /** A sentence for the user, without the sender. */
  readonly message: string;
}
