import { REJECT_REASONS, type RejectReason } from "./reports/rejection";

/** Of one node, since it was deployed. Between datagrams, received = emitted + all rejected. */
export interface DatagramCounts {
  readonly received: number;
  /** Datagrams, not messages: one of several readings counts once. */
  readonly emitted: number;
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

  counts(): DatagramCounts {
    return { received: this.#received, emitted: this.#emitted, rejected: { ...this.#rejected } };
  }
}
