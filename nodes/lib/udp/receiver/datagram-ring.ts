import type { Sender } from "../socket/sender";

/**
 * A queue of datagrams in shared memory, from the one thread that receives them to the one that handles them.
 *
 *     control: HEAD  next byte to be written; the writer's alone
 *              TAIL  next byte to be read; the reader's alone
 *              IDLE  whose turn it is, see below
 *              DROPS datagrams that found no room; the writer's alone
 *
 *     records: | bytes of the record, u32 | datagram, u32 | port, u16 | address, u16 | sender, u32 | arrival, f64 | address | datagram | .. |
 *
 * Addresses are numbered as they come, and each is written once: later records of its number have an address of 0 bytes. Once
 * there are too many, numbers begin anew with addresses of their own.
 *
 * A record is never split: where it does not fit before the end of the memory, a record of 0 bytes sends the reader to
 * the beginning. HEAD = TAIL means empty, so a record never fills the last gap.
 *
 * A reader that finds nothing goes idle, and whoever takes it out of that state, by exchange, goes on: the reader itself
 * when a datagram came in just then, or the writer, who then has the ring to itself, starts at the beginning again (so that
 * with little traffic little memory is ever touched), and has the reader woken.
 */
const HEAD = 0;
const TAIL = 1;
const IDLE = 2;
const DROPS = 3;
const CONTROL_BYTES = 32;

const BUSY = 0;
const WAITING = 1;
const TAKEN = 2;

const ALIGNMENT = 8;
const HEADER_BYTES = 24;
const DATAGRAM_LENGTH = 4;
const PORT = 8;
const ADDRESS_LENGTH = 10;
const ADDRESS_NUMBER = 12;
const ARRIVAL = 16;

/** Whoever invents addresses to send from must not take memory. */
const MAX_ADDRESSES = 4096;

/** Memory for a ring. @param bytes for records: at least those of the longest datagram, some 66 KB */
export function ringMemory(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(ringSize(bytes));
}

/** Bytes of memory that a ring takes. */
export function ringSize(bytes: number): number {
  return CONTROL_BYTES + align(bytes);
}

/** Makes a ring like new, once neither end is in use any more. */
export function clearRing(memory: SharedArrayBuffer): void {
  new Int32Array(memory, 0, CONTROL_BYTES / 4).fill(0);
}

/** One end of a ring. */
class RingEnd {
  protected readonly control: Int32Array;
  protected readonly records: Buffer;
  protected readonly view: DataView;

  constructor(memory: SharedArrayBuffer) {
    this.control = new Int32Array(memory, 0, CONTROL_BYTES / 4);
    this.records = Buffer.from(memory, CONTROL_BYTES);
    this.view = new DataView(memory, CONTROL_BYTES);
  }

  /** Datagrams that found no room, so far. Wraps at 2^32. */
  get drops(): number {
    return Atomics.load(this.control, DROPS) >>> 0;
  }
}

/** The end of the receiving thread. */
export class RingWriter extends RingEnd {
  /** Numbers of the addresses that the reader knows, or will by the time it needs them. */
  readonly #numbers = new Map<string, number>();

  /**
   * @param arrival milliseconds since the epoch
   * @returns whether the reader is to be woken
   */
  write(datagram: Uint8Array, sender: Readonly<Sender>, arrival: number): boolean {
    const { control } = this;
    const isMine = Atomics.compareExchange(control, IDLE, WAITING, TAKEN) === WAITING;
    // A reader on its way to idle may not have seen the last datagram.
    if (isMine && Atomics.load(control, TAIL) === Atomics.load(control, HEAD)) {
      Atomics.store(control, TAIL, 0);
      Atomics.store(control, HEAD, 0);
    }
    const number = this.#numbers.get(sender.address);
    const address = number === undefined ? sender.address : "";
    const length = align(HEADER_BYTES + address.length + datagram.length);
    const start = this.#reserve(length);
    if (start === undefined) {
      Atomics.add(control, DROPS, 1);
    } else {
      this.view.setUint32(start, length, true);
      this.view.setFloat64(start + ARRIVAL, arrival, true);
      this.view.setUint32(start + DATAGRAM_LENGTH, datagram.length, true);
      this.view.setUint16(start + PORT, sender.port, true);
      this.view.setUint16(start + ADDRESS_LENGTH, address.length, true);
      this.view.setUint32(start + ADDRESS_NUMBER, number ?? this.#introduce(address), true);
      const end = start + HEADER_BYTES + address.length;
      if (number === undefined) this.records.write(address, start + HEADER_BYTES, "latin1");
      this.records.set(datagram, end);
      Atomics.store(control, HEAD, start + length);
    }
    if (isMine) {
      Atomics.store(control, IDLE, BUSY);
      return true;
    }
    return Atomics.compareExchange(control, IDLE, WAITING, BUSY) === WAITING;
  }

  /** @returns where so many bytes may be written, or `undefined` when there is no room */
  #reserve(length: number): number | undefined {
    const head = Atomics.load(this.control, HEAD);
    const tail = Atomics.load(this.control, TAIL);
    const end = this.records.length;
    if (head < tail) return head + length < tail ? head : undefined;
    if (head + length <= end) return head;
    if (length >= tail) return undefined;
    if (head < end) this.view.setUint32(head, 0, true);
    return 0;
  }

  #introduce(address: string): number {
    if (this.#numbers.size === MAX_ADDRESSES) this.#numbers.clear();
    const number = this.#numbers.size;
    this.#numbers.set(address, number);
    return number;
  }
}

/** A datagram as it comes out of a ring, in memory of its own. */
export interface ReceivedDatagram {
  readonly bytes: Buffer;
  readonly address: string;
  readonly port: number;
  /** Milliseconds since the epoch. */
  readonly arrival: number;
}

/** The end of the main thread. */
export class RingReader extends RingEnd {
  /** By their numbers. */
  readonly #addresses: string[] = [];

  /** Whether there is something to read: else the writer's next `write` says that the reader is to be woken. */
  get isAwake(): boolean {
    return Atomics.load(this.control, IDLE) === BUSY;
  }

  /** @returns the oldest datagram, or `undefined`: then the writer's next `write` says that the reader is to be woken */
  read(): ReceivedDatagram | undefined {
    if (!this.isAwake) return undefined;
    return this.#take() ?? this.#rest();
  }

  #take(): ReceivedDatagram | undefined {
    const { control, view, records } = this;
    let tail = Atomics.load(control, TAIL);
    if (tail === Atomics.load(control, HEAD)) return undefined;
    if (tail === records.length || view.getUint32(tail, true) === 0) tail = 0;
    const length = view.getUint32(tail, true);
    const addressEnd = tail + HEADER_BYTES + view.getUint16(tail + ADDRESS_LENGTH, true);
    const number = view.getUint32(tail + ADDRESS_NUMBER, true);
    if (addressEnd > tail + HEADER_BYTES) {
      this.#addresses[number] = records.toString("latin1", tail + HEADER_BYTES, addressEnd);
    }
    const bytes = Buffer.allocUnsafe(view.getUint32(tail + DATAGRAM_LENGTH, true));
    records.copy(bytes, 0, addressEnd, addressEnd + bytes.length);
    const datagram = {
      bytes,
      address: this.#addresses[number] ?? "",
      port: view.getUint16(tail + PORT, true),
      arrival: view.getFloat64(tail + ARRIVAL, true),
    };
    Atomics.store(control, TAIL, tail + length);
    return datagram;
  }

  /** Goes idle, unless a datagram came in between. */
  #rest(): ReceivedDatagram | undefined {
    const { control } = this;
    const tail = Atomics.load(control, TAIL);
    Atomics.store(control, IDLE, WAITING);
    if (tail === Atomics.load(control, HEAD)) return undefined;
    // If the writer was faster, it has the reader woken.
    if (Atomics.compareExchange(control, IDLE, WAITING, BUSY) !== WAITING) return undefined;
    return this.#take();
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
