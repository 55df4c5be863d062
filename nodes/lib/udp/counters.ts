import { REJECT_REASONS, type RejectReason } from "./reports/rejection";

/** Of one node, since it was deployed. At any moment received = emitted + all rejected + pending. */
export interface DatagramCounts {
  readonly received: number;
  /** Datagrams, not messages: one of several readings counts once. */
  readonly emitted: number;
  /** Datagrams that wait to be decoded, and the one of which not all readings are emitted yet. */
  readonly pending: number;
  readonly rejected: Readonly<Record<RejectReason, number>>;
}

export class Counters {
  #received = 0;
  #emitted = 0;
  readonly #rejected = Object.fromEntries(REJECT_REASONS.map((reason) => [reason, 0])) as Record<RejectReason, number>;

  received(): void {
    this.#received++;
  }

  emitted(): void {
    this.#emitted++;
  }

  rejected(reason: RejectReason): void {
    this.#rejected[reason]++;
  }

  counts(pending: number): DatagramCounts {
    return { received: this.#received, emitted: this.#emitted, pending, rejected: { ...this.#rejected } };
  }
}
