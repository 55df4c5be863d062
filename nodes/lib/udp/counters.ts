import { REJECT_REASONS, type RejectReason } from "./reports/rejection";

/** Of one node, since it was deployed; what its predecessor left it is received, too. At any moment received = emitted + conflated + all rejected + pending. */
export interface DatagramCounts {
  readonly received: number;
  /** Datagrams, not messages: one of several readings counts once. */
  readonly emitted: number;
  /** Datagrams of which all readings went into a message together with newer ones, or made way for them. */
  readonly conflated: number;
  /** Datagrams that wait to be decoded, and those of which not all readings are emitted or conflated yet. */
  readonly pending: number;
  readonly rejected: Readonly<Record<RejectReason, number>>;
}

export class Counters {
  #received = 0;
  #emitted = 0;
  #conflated = 0;
  readonly #rejected = Object.fromEntries(REJECT_REASONS.map((reason) => [reason, 0])) as Record<RejectReason, number>;

  received(): void {
    this.#received++;
  }

  /** Datagrams that were received go on to another node, which counts them. */
  handedOver(datagrams: number): void {
    this.#received -= datagrams;
  }

  emitted(): void {
    this.#emitted++;
  }

  conflated(): void {
    this.#conflated++;
  }

  rejected(reason: RejectReason): void {
    this.#rejected[reason]++;
  }

  counts(pending: number): DatagramCounts {
    return {
      received: this.#received,
      emitted: this.#emitted,
      conflated: this.#conflated,
      pending,
      rejected: { ...this.#rejected },
    };
  }
}
