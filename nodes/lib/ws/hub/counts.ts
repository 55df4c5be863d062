/** `offered = delivered + conflated + dropped + pending`, always. Readings, not bytes. */
export interface Counts {
  /** Readings published for this client, and those it was sent as replay. */
  readonly offered: number;
  /** Handed to the client's socket. */
  readonly delivered: number;
  /** Superseded by a newer reading of their topic before they were sent, as the client's mode or rate has it. */
  readonly conflated: number;
  /** Not sent because the client was too slow, or left. */
  readonly dropped: number;
  readonly pending: number;
}

export const NO_COUNTS: Counts = { offered: 0, delivered: 0, conflated: 0, dropped: 0, pending: 0 };

export function sum(a: Counts, b: Counts): Counts {
  return {
    offered: a.offered + b.offered,
    delivered: a.delivered + b.delivered,
    conflated: a.conflated + b.conflated,
    dropped: a.dropped + b.dropped,
    pending: a.pending + b.pending,
  };
}

/** What is counted for one client as it happens. */
export class Tally {
  delivered = 0;
  dropped = 0;
  /** Readings offered besides those of its group: replay and targeted ones. */
  extraOffered = 0;

  /** @param offeredByGroup readings of its group since it joined */
  counts(offeredByGroup: number, pending: number): Counts {
    const { delivered, dropped } = this;
    const offered = offeredByGroup + this.extraOffered;
    return { offered, delivered, conflated: offered - delivered - dropped - pending, dropped, pending };
  }
}
