import type { Sentence } from "../text/sentence";
import type { Clock } from "../time/clock";

/** A client that was not let in. */
export interface Refused {
  readonly status: number;
  readonly sentence: Sentence;
  /** The sentence in English. */
  readonly message: string;
}

/** Refusals of one kind. */
export interface RefusalRow {
  readonly status: number;
  readonly reason: Sentence;
  /** In the last hour. */
  readonly count: number;
  /** Of whom it was last. */
  readonly address: string;
  /** How long ago that was, in ms. */
  readonly age: number;
}

interface Kind {
  readonly status: number;
  readonly reason: Sentence;
  readonly minutes: Uint32Array;
  /** Minute of the newest refusal, since the clock began. */
  minute: number;
  address: string;
  at: number;
}

const MINUTES = 60;
const MINUTE_MS = 60_000;
/** Reasons quote what clients send, so that there is no end of kinds: the stalest gives way. */
const MAX_KINDS = 50;

/** Who was refused in the last hour and why, by kind: a look-up and a count for each. */
export class RefusalHistory {
  readonly #clock: Clock;
  /** The stalest first. */
  readonly #kinds = new Map<string, Kind>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add({ status, sentence, message }: Refused, address: string): void {
    const at = this.#clock.now();
    const key = `${status} ${message}`;
    const kind = this.#kinds.get(key) ?? newKind(status, sentence, at);
    this.#kinds.delete(key);
    this.#kinds.set(key, kind);
    forgetOld(kind, at);
    const minute = kind.minute % MINUTES;
    kind.minutes[minute] = (kind.minutes[minute] ?? 0) + 1;
    kind.address = address;
    kind.at = at;
    const [stalest] = this.#kinds.keys();
    if (this.#kinds.size > MAX_KINDS && stalest !== undefined) this.#kinds.delete(stalest);
  }

  /** The latest first. */
  list(): RefusalRow[] {
    const now = this.#clock.now();
    const rows: RefusalRow[] = [];
    for (const kind of this.#kinds.values()) {
      forgetOld(kind, now);
      const { status, reason, address, at } = kind;
      const count = kind.minutes.reduce((sum, each) => sum + each, 0);
      if (count > 0) rows.push({ status, reason, count, address, age: now - at });
    }
    return rows.reverse();
  }
}

function newKind(status: number, reason: Sentence, at: number): Kind {
  const minute = Math.floor(at / MINUTE_MS);
  return { status, reason, minutes: new Uint32Array(MINUTES), minute, address: "", at };
}

/** Goes on to the minute of now; what was counted an hour before has no place any more. */
function forgetOld(kind: Kind, now: number): void {
  const minute = Math.floor(now / MINUTE_MS);
  const passed = Math.min(minute - kind.minute, MINUTES);
  for (let each = 1; each <= passed; each++) kind.minutes[(kind.minute + each) % MINUTES] = 0;
  kind.minute = minute;
}
