import type { StatusLine } from "../../node/status-line";
import { inEnglish, type Sentence, sentence } from "../../text/sentence";
import { briefTime } from "../../time/brief-time";
import type { Clock } from "../../time/clock";
import { endOf } from "./listening-place";
import type { RejectReason } from "./rejection";

const INTERVAL_MS = 1000;
const MAX_CHARS = 20;
/** How long drops stay on show after the last one. */
const ALARM_MS = 10_000;
/** After so long without any datagram, or without another one, the status says since when. */
const NOTHING_MS = 10_000;
const SILENCE_MS = 60_000;
/** A silence that lasts longer is told of by its date. */
const DAY_MS = 86_400_000;

/**
 * Datagrams per second and the last sender, shown at most once a second and only when it changed: every status travels
 * to every open editor. Yellow: some were rejected; if all were, the reason stands there
 * instead, until one is accepted. Red: the kernel dropped some, with their number since the beginning
 * instead of the rate. Grey: nothing arrives, and since when.
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
  #listeningSince = 0;
  /** Nothing else is on show but where it listens. */
  #isWaiting = false;
  #lastAt: number | undefined;
  #cancel: (() => void) | undefined;
  #cancelSilence: (() => void) | undefined;

  /** @param drops datagrams that the kernel dropped since the beginning, if that is known; asked at most once a second */
  constructor(show: (status: StatusLine) => void, clock: Clock, drops: () => number | undefined = () => undefined) {
    this.#show = show;
    this.#clock = clock;
    this.#drops = drops;
  }

  /** @param where in words that fit a status */
  listening(where: Sentence): void {
    this.#failed = false;
    this.#listeningSince = this.#clock.wallTime();
    this.#set({ fill: "green", shape: "ring", text: where });
    this.#isWaiting = true;
    if (this.#cancel === undefined) this.#awaitSilence(NOTHING_MS);
  }

  /** More is known of where it listens. */
  placed(where: Sentence): void {
    if (this.#isWaiting) this.#set({ fill: "green", shape: "ring", text: where });
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
    this.#cancelSilence?.();
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
    this.#isWaiting = false;
    this.#cancelSilence?.();
    this.#startOver();
  }

  #startOver(): void {
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
    if (active) this.#lastAt = this.#clock.wallTime();
    this.#startOver();
    this.#since = now;
    if (!this.#failed) {
      if (alarmed)
        this.#set({ fill: "red", shape: "dot", text: sentence("udp.status-dropped", { dropped: this.#knownDrops }) });
      else if (this.#allRejected)
        this.#set({ fill: "yellow", shape, text: sentence(`udp.status-${this.#lastReason}`) });
      else this.#set({ fill, shape, text: rateText(perSecond, this.#sender) });
    }
    if (active || alarmed) this.#cancel = this.#clock.timeout(() => this.#tick(), INTERVAL_MS);
    else this.#awaitSilence(SILENCE_MS);
  }

  #awaitSilence(ms: number): void {
    this.#cancelSilence?.();
    this.#cancelSilence = this.#clock.timeout(() => this.#showSilence(), ms);
  }

  /** Once, and once more when its time is a date. What was wrong with the last datagrams stays on show. */
  #showSilence(): void {
    if (this.#failed || this.#allRejected) return;
    const now = this.#clock.wallTime();
    const at = this.#lastAt ?? this.#listeningSince;
    const time = briefTime(at, now);
    const text =
      this.#lastAt === undefined ? sentence("udp.status-nothing", { time }) : sentence("udp.status-silent", { time });
    this.#set({ fill: "grey", shape: "ring", text });
    // The wall clock may have been set back by years.
    if (now - at < DAY_MS) this.#awaitSilence(Math.min(at + DAY_MS - now, DAY_MS));
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
    this.#isWaiting = false;
    const key = `${status.fill} ${status.shape} ${inEnglish(status.text)}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#show(status);
  }
}

function rateText(perSecond: number, sender: string): Sentence {
  const rate = perSecond < 10_000 ? String(perSecond) : `${Math.round(perSecond / 1000)}k`;
  const room = MAX_CHARS - rate.length - "/s ".length;
  return sentence("udp.status-receiving", {
    rate,
    sender: endOf(sender, room),
  });
}
