import type { Sentence } from "../text/sentence";
import type { Clock } from "../time/clock";
import { RateWindow } from "./rate-window";
import { type ArrivedDatagram, RecentDatagrams } from "./recent-datagrams";
import { type HeardReading, TopicWatch } from "./topic-watch";

interface Rejected {
  readonly payload: Uint8Array;
  readonly ip: string;
  readonly port: number;
  readonly time: number;
  readonly reason: string;
  readonly error: Sentence;
}

/** What a listener's user may want to see: its last datagrams, the last that were rejected, and its topics. */
export class ListenerRecord {
  /** When it began, in ms since the epoch. */
  readonly since: number;
  /** Emitted or rejected. */
  readonly recent = new RecentDatagrams();
  /** Apart, for those emitted would soon push them out. */
  readonly rejected = new RecentDatagrams();
  readonly topics: TopicWatch;
  /** Made of datagrams so far. */
  readings = 0;
  readonly #clock: Clock;
  readonly #rate: RateWindow;
  /** Of the last datagram, by the monotonic clock. */
  #heardAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.since = clock.wallTime();
    this.topics = new TopicWatch(clock);
    this.#rate = new RateWindow(clock.now());
  }

  /** Datagrams per second, over the last 5 to 10 s. */
  get perSecond(): number {
    return this.#rate.perSecond(this.#clock.now());
  }

  /** A datagram was let in and decoded: its readings follow. */
  decoded(arrival: ArrivedDatagram): void {
    this.#heardAt = this.#clock.now();
    this.#rate.count++;
    this.recent.add(arrival, "emitted");
  }

  heard(reading: HeardReading): void {
    this.readings++;
    this.topics.heard(reading, this.#heardAt);
  }

  reject({ payload, ip, port, time, reason, error }: Rejected): void {
    const arrival = { bytes: payload, sender: { address: ip, port }, time };
    this.#rate.count++;
    this.recent.add(arrival, reason, error);
    this.rejected.add(arrival, reason, error);
  }
}
