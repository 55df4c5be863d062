/** More topics than a server keeps; beyond, they are forgotten all at once, which at worst repeats readings. */
const MAX_TOPICS = 20_000;
const CHECKPOINT_INTERVAL_MS = 500;

interface Checkpoint {
  readonly seq: string;
  readonly at: number;
}

/**
 * Where a feed goes on after its connection was lost, and which readings it has had.
 *
 * In order, that is after the last reading. But `latest` and `every` take the topics in turns: what is sent last may be
 * newer than what another topic still waits for. Such a feed goes on a little earlier, and skips what it has had.
 */
export class ResumePoint {
  readonly #lagMs: number;
  readonly #isFromFirst: boolean;
  readonly #newest = new Map<string, number>();
  #epoch = "";
  #first: string | undefined;
  #last: string | undefined;
  #lastNumber = 0;
  #checkpoints: Checkpoint[] = [];

  /**
   * @param lagMs for how long a topic may have to wait for its turn; 0: readings come in order
   * @param isFromFirst whether a feed that has just begun goes on after its first reading, since the server may send every
   *   reading; if not, it begins anew, which gives it the newest of each topic
   */
  constructor(lagMs: number, isFromFirst: boolean) {
    this.#lagMs = lagMs;
    this.#isFromFirst = isFromFirst;
  }

  /**
   * @param seq `EPOCH.NUMBER`
   * @returns false for a reading that the feed has had already
   */
  take(topic: string, seq: string | undefined, now: number): boolean {
    if (seq === undefined) return true;
    const dot = seq.lastIndexOf(".");
    const epoch = seq.slice(0, dot);
    const number = Number(seq.slice(dot + 1));
    if (epoch !== this.#epoch) this.#begin(epoch, seq);
    if (number <= (this.#newest.get(topic) ?? 0)) return false;
    if (this.#newest.size >= MAX_TOPICS && !this.#newest.has(topic)) this.#newest.clear();
    this.#newest.set(topic, number);
    if (number > this.#lastNumber) {
      this.#lastNumber = number;
      this.#last = seq;
      this.#note(seq, now);
    }
    return true;
  }

  /** What to ask for as `since`; `undefined`: begin anew. */
  sinceAt(now: number): string | undefined {
    if (this.#lagMs === 0) return this.#last;
    const checkpoint = this.#checkpoints.findLast(({ at }) => at <= now - this.#lagMs);
    return checkpoint?.seq ?? (this.#isFromFirst ? this.#first : undefined);
  }

  /** Another life of the server, which counts anew. */
  #begin(epoch: string, seq: string): void {
    this.#epoch = epoch;
    this.#first = seq;
    this.#newest.clear();
    this.#checkpoints = [];
    this.#lastNumber = 0;
  }

  #note(seq: string, now: number): void {
    if (this.#lagMs === 0 || now - (this.#checkpoints.at(-1)?.at ?? -CHECKPOINT_INTERVAL_MS) < CHECKPOINT_INTERVAL_MS)
      return;
    this.#checkpoints.push({ seq, at: now });
    while ((this.#checkpoints[1]?.at ?? now) <= now - this.#lagMs) this.#checkpoints.shift();
  }
}
