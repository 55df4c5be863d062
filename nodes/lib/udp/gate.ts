import type { Sender } from "./sender";

/** Why a datagram was rejected; one counter each. */
export const REJECT_REASONS = ["size", "sender", "rate", "decode", "depth"] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];

export interface Rejection {
  readonly reason: RejectReason;
  /** A sentence for the user, without the sender. */
  readonly message: string;
}

/** Decides before anything is decoded whether a datagram is let in; `undefined`: it is. */
export type Gate = (datagram: Buffer, sender: Sender) => Rejection | undefined;

export interface GateConfig {
  /** Longest datagram let in, in bytes. */
  readonly maxBytes: number;
}

export function createGate({ maxBytes }: GateConfig): Gate {
  return (datagram) =>
    datagram.length > maxBytes
      ? { reason: "size", message: `the datagram has ${datagram.length} bytes, more than the ${maxBytes} accepted` }
      : undefined;
}
