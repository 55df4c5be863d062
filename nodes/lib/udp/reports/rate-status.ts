import type { StatusLine } from "../../node/status-line";
import { inEnglish, type Sentence, sentence } from "../../text/sentence";
import type { Clock } from "../../time/clock";
import type { RejectReason } from "./rejection";

const INTERVAL_MS = 1000;
const MAX_CHARS = 20;
/** How long drops stay on show after the last one. */
const ALARM_MS = 10_000;

/**
 * Datagrams per second and the last sender, shown at most once a second and only when it changed: every status travels
 * to every open editor. Yellow: some were rejected; if all were, the reason stands there
 * instead, until one is accepted. Red: the kernel dropped some, with their number since the beginning
 * instead of the rate. No timer runs while nothing arrives.
 */
export class RateStatus {
  readonly #show: (status: StatusLine) => void;
  readonly #clock: Clock;
  readonly #drops: () => number | undefined;
  #datagrams = 0;
  #accepted = 0;
  #rejected = 0;
  #lastReason: RejectReason = "decode";
  /** Whether the last datagrams that arrived were all rejected. */
  #allRejected = false;
  #sender = "";
  #since = 0;
  #shown = "";
  /** A failure stays on show until it is over, even if datagrams arrive. */
  #failed = false;
  #knownDrops = 0;
  #alarmUntil = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  /** @param drops datagrams that the kernel dropped since the beginning, if that is known; asked at most once a second */
  constructor(show: (status: StatusLine) => void, clock: Clock, drops: () => number | undefined = () => undefined) {
    this.#show = show;
    this.#clock = clock;
    this.#drops = drops;
  }

  listening(port: number): void {
    this.#failed = false;
    this.#set({ fill: "green", shape: "ring", text: sentence("udp.status-listening", { port }) });
  }

  failed(brief: Sentence): void {
    this.stop();
    this.#failed = true;
    this.#set({ fill: "red", shape: "dot", text: brief });
  }

  datagram(sender: string): void {
    this.#datagrams++;
    this.#sender = sender;
    if (this.#cancel !== undefined) return;
    this.#since = this.#clock.now();
    this.#cancel = this.#clock.timeout(() => this.#tick(), INTERVAL_MS);
  }

  /** A reading was made of a datagram. */
  accepted(): void {
    this.#accepted++;
  }

  rejected(reason: RejectReason): void {
    this.#rejected++;
    this.#lastReason = reason;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#datagrams = 0;
    this.#accepted = 0;
    this.#rejected = 0;
  }

  #tick(): void {
    const now = this.#clock.now();
    const perSecond = Math.round((this.#datagrams * 1000) / Math.max(now - this.#since, 1));
    const active = this.#datagrams > 0;
    const shape = active ? "dot" : "ring";
    const fill = this.#rejected > 0 ? "yellow" : "green";
    if (this.#accepted > 0) this.#allRejected = false;
    else if (this.#rejected > 0) this.#allRejected = true;
    const alarmed = this.#isAlarmed(now);
    this.stop();
    this.#since = now;
    if (!this.#failed) {
      if (alarmed)
        this.#set({ fill: "red", shape: "dot", text: sentence("udp.status-dropped", { dropped: this.#knownDrops }) });
      else if (this.#allRejected)
        this.#set({ fill: "yellow", shape, text: sentence(`udp.status-${this.#lastReason}`) });
      else this.#set({ fill, shape, text: rateText(perSecond, this.#sender) });
    }
    if (active || alarmed) this.#cancel = this.#clock.timeout(() => this.#tick(), INTERVAL_MS);
  }

  #isAlarmed(now: number): boolean {
    const dropped = this.#drops() ?? 0;
    if (dropped > this.#knownDrops) {
      this.#knownDrops = dropped;
      this.#alarmUntil = now + ALARM_MS;
    }
    return now < this.#alarmUntil;
  }

  #set(status: StatusLine): void {
    const key = `${status.fill} ${status.shape} ${inEnglish(status.text)}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#show(status);
  }
}

/** Of an address that does not fit the end is kept, where the addresses of one network differ. */
function rateText(perSecond: number, sender: string): Sentence {
  const rate = perSecond < 10_000 ? String(perSecond) : `${Math.round(perSecond / 1000)}k`;
  const room = MAX_CHARS - rate.length - "/s ".length;
  return sentence("udp.status-receiving", {
    rate,
    sender: sender.length > room ? `…${sender.slice(1 - room)}` : sender,
  });
}
