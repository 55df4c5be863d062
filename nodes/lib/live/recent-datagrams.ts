import type { Sentence } from "../text/sentence";

/** A datagram as it arrived. */
export interface ArrivedDatagram {
  readonly bytes: Uint8Array;
  readonly sender: { readonly address: string; readonly port: number };
  /** In ms since the epoch. */
  readonly time: number;
}

/** A datagram and what became of it. */
export interface RecordedDatagram {
  readonly arrival: ArrivedDatagram;
  /** `emitted`, or why it was rejected. */
  readonly fate: string;
  /** What was wrong with one that was rejected. */
  readonly error: Sentence | undefined;
}

type Slot = { -readonly [K in keyof RecordedDatagram]: RecordedDatagram[K] };

/** Of the longest datagrams there are, these take two megabytes. */
const SLOTS = 32;

/** The last datagrams of a listener. Keeps the bytes that it is given, so nobody may write to them afterwards. */
export class RecentDatagrams {
  readonly #slots: Slot[] = [];
  #recorded = 0;

  /** Allocates nothing once all slots are in use. */
  add(arrival: ArrivedDatagram, fate: string, error?: Sentence): void {
    const index = this.#recorded++ % SLOTS;
    const slot = this.#slots[index];
    if (slot === undefined) {
      this.#slots.push({ arrival, fate, error });
    } else {
      slot.arrival = arrival;
      slot.fate = fate;
      slot.error = error;
    }
  }

  /** Newest first. */
  list(): RecordedDatagram[] {
    const newest = this.#recorded - 1;
    return this.#slots.map((_, age) => ({ ...(this.#slots[(newest - age) % SLOTS] as Slot) }));
  }

  get newest(): RecordedDatagram | undefined {
    return this.#slots[(this.#recorded - 1) % SLOTS];
  }
}
