import { SlotSet } from "../log/slot-set";

interface Batch {
  readonly dueAt: number;
  readonly topics: number;
}

const INITIAL_SLOTS = 8;

/**
 * The topics that one client was sent less than a period ago. As the period is the same for all, they fall due in the order
 * in which they were sent: a queue of their slots, two bytes each, in batches that were sent together.
 */
export class RestingTopics {
  readonly slots = new SlotSet();
  readonly #periodMs: number;
  /** Slots in the order in which they fall due, from `#first` on, round and round. */
  #queue = new Uint16Array(INITIAL_SLOTS);
  #first = 0;
  #length = 0;
  #batches: Batch[] = [];
  /** Slots added since the last batch was closed. */
  #open = 0;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  /** When the first of them falls due; infinite: there is none. */
  get dueAt(): number {
    return this.#batches[0]?.dueAt ?? Number.POSITIVE_INFINITY;
  }

  add(slot: number): void {
    if (this.#length === this.#queue.length) this.#grow();
    this.#queue[(this.#first + this.#length) % this.#queue.length] = slot;
    this.#length++;
    this.#open++;
    this.slots.add(slot);
  }

  /** What was added since the last time was sent now. */
  close(now: number): void {
    if (this.#open === 0) return;
    this.#batches.push({ dueAt: now + this.#periodMs, topics: this.#open });
    this.#open = 0;
  }

  /** Lets go of what is due. Costs by what is. */
  release(now: number): void {
    let batch = this.#batches[0];
    for (; batch !== undefined && batch.dueAt <= now; batch = this.#batches[0]) {
      for (let topic = 0; topic < batch.topics; topic++) {
        this.slots.delete(this.#queue[this.#first] as number);
        this.#first = (this.#first + 1) % this.#queue.length;
      }
      this.#length -= batch.topics;
      // There are as many batches as times that a client is looked at in a period: a few.
      this.#batches.shift();
    }
  }

  #grow(): void {
    const grown = new Uint16Array(this.#queue.length * 2);
    for (let i = 0; i < this.#length; i++) grown[i] = this.#queue[(this.#first + i) % this.#queue.length] as number;
    this.#queue = grown;
    this.#first = 0;
  }
}
