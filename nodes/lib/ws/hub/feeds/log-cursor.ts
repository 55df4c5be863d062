import type { Chunk } from "../frames/chunk";
import type { SubscriptionGroup } from "../subscription-group";

/** One client's place in the log: a sequence number, and the same place as a position in its group. See README. */
export class LogCursor {
  readonly group: SubscriptionGroup;
  /** Sequence number of the next reading to look at. */
  seq: number;
  /** Position of the next reading to send. */
  position: number;

  constructor(group: SubscriptionGroup, seq: number, position: number) {
    this.group = group;
    this.seq = seq;
    this.position = position;
  }

  /** Readings of the group from here on. */
  get pending(): number {
    return this.group.head - this.position;
  }

  /** The log has given up readings of the group from here on. */
  get isLost(): boolean {
    return this.position < this.group.tail;
  }

  /** Catching up from here takes long. */
  get isDeep(): boolean {
    return !this.group.isRecent(this.position) && this.group.isDeep(this.seq);
  }

  moveBehind(chunk: Chunk): void {
    this.seq = chunk.next;
    this.position = chunk.nextPosition;
  }

  /** Goes on at the oldest reading that the log holds, as no reading in between was for the group. */
  leaveEvicted(logTail: number): void {
    if (this.seq < logTail) this.seq = logTail;
  }

  /** Gives up what the log has given up. @returns how many readings of the group that were */
  skipLost(logTail: number): number {
    const lost = this.group.tail - this.position;
    this.position = this.group.tail;
    this.seq = logTail;
    return lost;
  }
}
