import { emptyReading, type StoredReading } from "../log/stored-reading";
import type { Topic } from "../log/topic";
import { Busiest } from "./busiest";
import { HistorySegment, SEGMENT_BYTES } from "./history-segment";
import { SeqQueue } from "./seq-queue";

/** What a history keeps of each topic, and of all together. */
export interface HistoryBounds {
  /** Newest readings of each topic; 0: any number. */
  readonly readings: number;
  /** Age of the readings, in seconds; 0: any. */
  readonly seconds: number;
  /** Of memory, for all topics. At least a few segments of some 100 KB. */
  readonly bytes: number;
}

/** What a client asks for: the newest readings of each topic, or those of the last so many seconds. */
export type HistoryRange = { readonly readings: number } | { readonly seconds: number };

/** One look at a history: what a client gets of it. */
export interface HistoryView {
  /** Readings from this sequence number on. */
  readonly start: number;
  /** Readings before this sequence number: those after it are sent live. */
  readonly end: number;
  /** Of each topic, the newest so many before `end`. */
  readonly readings: number;
}

/** The most readings looked at in one go: some 0.5 ms. */
const MAX_LOOKED_AT = 2048;

/**
 * The newest readings of each topic in the order of their sequence numbers, bounded in number, in age and in memory. When
 * memory is short, the oldest reading of the topic that has most gives way. Publishing costs the same however much is
 * held: now and then, a segment is emptied into its neighbour. A reading larger than all of it is not kept.
 */
export class ReadingHistory {
  readonly #bounds: HistoryBounds;
  /** In order; none but the last is appended to, and of the others no two neighbours would fit into one. */
  readonly #segments: HistorySegment[] = [];
  #bytes = 0;
  /** Sequence numbers of the readings held. */
  readonly #seqs = new Map<Topic, SeqQueue>();
  readonly #busiest = new Busiest<Topic>();
  /** Readings from this sequence number on are still to be copied into the last segment. */
  #uncopiedFrom = Number.POSITIVE_INFINITY;
  readonly #reading = emptyReading();

  constructor(bounds: HistoryBounds) {
    this.#bounds = bounds;
  }

  /** Memory held, records included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Readings held. Linear in the segments. */
  get size(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.live, 0);
  }

  /** @param reading stays as it is until `giveUp` says otherwise @param now in ms of the hub's clock */
  append(reading: StoredReading, topic: Topic, now: number): void {
    const segment = this.#segmentFor(reading.end - reading.start, now);
    if (segment === undefined) return;
    segment.append(reading, topic, now);
    if (this.#uncopiedFrom === Number.POSITIVE_INFINITY) this.#uncopiedFrom = reading.seq;
    let seqs = this.#seqs.get(topic);
    if (seqs === undefined) {
      seqs = new SeqQueue();
      this.#seqs.set(topic, seqs);
    }
    seqs.push(reading.seq);
    this.#busiest.update(topic, seqs.length - 1, seqs.length);
    const { readings } = this.#bounds;
    if (readings > 0 && seqs.length > readings) this.#removeOldest(topic, seqs);
    if (this.#bounds.seconds > 0) this.#removeOld(topic, seqs, this.#oldest(now));
  }

  /** A reading is about to change where it was appended from. */
  giveUp(seq: number): void {
    if (seq >= this.#uncopiedFrom) this.#copy();
  }

  /** Gives up all readings of a topic. Linear in their number. */
  forget(topic: Topic): void {
    const seqs = this.#seqs.get(topic);
    while (seqs !== undefined && seqs.length > 0) this.#removeOldest(topic, seqs);
  }

  /** @param end sequence number from which on readings are sent live @param now in ms of the hub's clock */
  view(range: HistoryRange, end: number, now: number): HistoryView {
    const readings = "readings" in range ? range.readings : Number.POSITIVE_INFINITY;
    const asked = "seconds" in range ? now - range.seconds * 1000 : Number.NEGATIVE_INFINITY;
    return { start: Math.min(end, this.#firstSince(Math.max(asked, this.#oldest(now)))), end, readings };
  }

  /**
   * Readings of a view in order, from a sequence number on: some at a time.
   * @param visit takes a reading, valid for the time of the call, or returns false: then that one comes first the next time
   * @returns where to go on; the view's `end` when that was all
   */
  walk(from: number, view: HistoryView, visit: (reading: StoredReading, topic: Topic) => boolean): number {
    let left = MAX_LOOKED_AT;
    for (let at = this.#segmentOf(from); at < this.#segments.length; at++) {
      const segment = this.#segments[at] as HistorySegment;
      for (let index = segment.indexOf(from); index < segment.entries; index++) {
        const seq = segment.seqAt(index);
        if (seq >= view.end) return view.end;
        if (left-- === 0) return seq;
        const topic = segment.topicAt(index);
        if (topic === undefined || !this.#isAmongNewest(seq, topic, view)) continue;
        if (!visit(segment.read(index, this.#reading), topic)) return seq;
      }
    }
    return view.end;
  }

  /** Sequence number of the first reading published at a time or later. */
  #firstSince(time: number): number {
    if (time === Number.NEGATIVE_INFINITY) return this.#segments[0]?.first ?? Number.POSITIVE_INFINITY;
    for (const segment of this.#segments) {
      if (segment.publishedAt(segment.entries - 1) < time) continue;
      for (let index = 0; index < segment.entries; index++) {
        if (segment.publishedAt(index) >= time) return segment.seqAt(index);
      }
    }
    return Number.POSITIVE_INFINITY;
  }

  #isAmongNewest(seq: number, topic: Topic, { end, readings }: HistoryView): boolean {
    if (readings === Number.POSITIVE_INFINITY) return true;
    const seqs = this.#seqs.get(topic);
    return seqs !== undefined && seqs.countBelow(end) - seqs.countBelow(seq) <= readings;
  }

  /** Readings published before that, in ms of the hub's clock, are too old. */
  #oldest(now: number): number {
    const { seconds } = this.#bounds;
    return seconds > 0 ? now - seconds * 1000 : Number.NEGATIVE_INFINITY;
  }

  #segmentFor(length: number, now: number): HistorySegment | undefined {
    const last = this.#segments.at(-1);
    if (last?.hasRoomFor(length)) return last;
    this.#removeOldSegments(this.#oldest(now));
    const bytes = Math.max(length, SEGMENT_BYTES);
    if (!this.#makeRoom(HistorySegment.sizeOf(bytes))) return undefined;
    this.#copy();
    const segment = new HistorySegment(bytes);
    this.#segments.push(segment);
    this.#bytes += segment.size;
    this.#tidy(this.#segments.length - 2);
    return segment;
  }

  #copy(): void {
    this.#segments.at(-1)?.copy();
    this.#uncopiedFrom = Number.POSITIVE_INFINITY;
  }

  #makeRoom(bytes: number): boolean {
    while (this.#bytes + bytes > this.#bounds.bytes) {
      const topic = this.#busiest.next();
      const seqs = topic && this.#seqs.get(topic);
      if (topic === undefined || seqs === undefined) return false;
      this.#removeOldest(topic, seqs);
    }
    return true;
  }

  /** Segments of which all readings are too old: those of topics that fell silent are removed by nothing else. */
  #removeOldSegments(oldest: number): void {
    for (let first = this.#segments[0]; first !== undefined; first = this.#segments[0]) {
      if (first === this.#segments.at(-1) || first.publishedAt(first.entries - 1) >= oldest) return;
      for (let index = 0; index < first.entries; index++) {
        const topic = first.topicAt(index);
        const seqs = topic && this.#seqs.get(topic);
        if (topic !== undefined && seqs !== undefined) this.#removeFrom(first, topic, seqs);
      }
      this.#dropSegment(0);
    }
  }

  #removeOld(topic: Topic, seqs: SeqQueue, oldest: number): void {
    while (seqs.length > 0) {
      const segment = this.#segments[this.#segmentOf(seqs.at(0))] as HistorySegment;
      if (segment.publishedAt(segment.indexOf(seqs.at(0))) >= oldest) return;
      this.#removeOldest(topic, seqs);
    }
  }

  #removeOldest(topic: Topic, seqs: SeqQueue): void {
    const at = this.#segmentOf(seqs.at(0));
    this.#removeFrom(this.#segments[at] as HistorySegment, topic, seqs);
    this.#tidy(at);
  }

  #removeFrom(segment: HistorySegment, topic: Topic, seqs: SeqQueue): void {
    segment.remove(seqs.shift());
    this.#busiest.update(topic, seqs.length + 1, seqs.length);
    if (seqs.length === 0) this.#seqs.delete(topic);
  }

  /** Drops a segment that is empty, or empties one into the other of it and a neighbour; the last is left alone. */
  #tidy(at: number): void {
    const last = this.#segments.length - 1;
    const segment = this.#segments[at];
    if (segment === undefined || at >= last) return;
    if (segment.live === 0) this.#dropSegment(at);
    else if (!this.#merge(at) && at > 0) this.#merge(at - 1);
  }

  #merge(at: number): boolean {
    const segment = this.#segments[at];
    const next = this.#segments[at + 1];
    if (segment === undefined || next === undefined || at + 1 === this.#segments.length - 1) return false;
    if (!segment.canTakeIn(next)) return false;
    segment.takeIn(next);
    this.#dropSegment(at + 1);
    return true;
  }

  #dropSegment(at: number): void {
    this.#bytes -= this.#segments[at]?.size ?? 0;
    this.#segments.splice(at, 1);
  }

  /** Index of the segment where a sequence number would be. */
  #segmentOf(seq: number): number {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#segments[middle] as HistorySegment).first <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
