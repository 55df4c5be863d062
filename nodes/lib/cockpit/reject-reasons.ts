import { type Sentence, sentence } from "../text/sentence";
import { REJECT_REASONS, type RejectReason } from "../udp/reports/rejection";

/** Datagrams rejected for one reason, in a word or two. */
export interface RejectCount {
  readonly reason: Sentence;
  readonly count: number;
}

/** For what datagrams were rejected, and how many; without the reasons for which none was. */
export function rejectCounts(rejected: Readonly<Record<RejectReason, number>>): RejectCount[] {
  return REJECT_REASONS.filter((reason) => rejected[reason] > 0).map((reason) => {
    return { reason: said(reason), count: rejected[reason] };
  });
}

/** Why a datagram was rejected, from what became of it; undefined if it was not. */
export function rejectReason(fate: string): Sentence | undefined {
  const reason = REJECT_REASONS.find((each) => each === fate);
  return reason && said(reason);
}

function said(reason: RejectReason): Sentence {
  return sentence(`cockpit.rejected-${reason}`);
}
