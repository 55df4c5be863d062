import type { Clock } from "../../time/clock";

/** As much of a Node-RED status as is used here. */
export interface Status {
  readonly fill: "green" | "yellow" | "red" | "grey";
  readonly shape: "dot" | "ring";
  /** At most 20 characters, what fits below a node. */
  readonly text: string;
}

const INTERVAL_MS = 1000;
const MAX_CHARS = 20;
/** How long drops stay on show after the last one. */
const ALARM_MS = 10_000;

/**
 * Datagrams per second and the last sender, shown at most once a second and only when it changed: every status travels
 * to every open editor. Yellow: some were rejected. Red: the kernel dropped some, with their number since the beginning
 * instead of the rate. No timer runs while nothing arrives.
 */
export class RateStatus {
  #datagrams = 0;
  #rejected = false;
  #sender = "";
  #since = 0;
  #shown = "";
  /** A failure stays on show until it is over, even if datagrams arrive. */
  #failed = false;
  #dropped = 0;
  #alarmUntil = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  /** @param drops datagrams that the kernel dropped since the beginning, if that is known; asked at most once a second */
  constructor(
    private readonly show: (status: Status) => void,
    private readonly clock: Clock,
    private readonly drops: () => number | undefined = () => undefined,
  ) {}

  listening(port: number): void {
    this.#failed = false;
    this.#set({ fill: "green", shape: "ring", text: `port ${port}` });
  }

  failed(brief: string): void {
    this.stop();
    this.#failed = true;
    this.#set({ fill: "red", shape: "dot", text: brief.slice(0, MAX_CHARS) });
  }

  datagram(sender: string): void {
    this.#datagrams++;
    this.#sender = sender;
    if (this.#cancel !== undefined) return;
    this.#since = this.clock.now();
    this.#cancel = this.clock.timeout(() => this.#tick(), INTERVAL_MS);
  }

  rejected(): void {
    this.#rejected = true;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#datagrams = 0;
    this.#rejected = false;
  }

  #tick(): void {
    const now = this.clock.now();
    const perSecond = Math.round((this.#datagrams * 1000) / Math.max(now - this.#since, 1));
    const active = this.#datagrams > 0;
    const fill = this.#rejected ? "yellow" : "green";
    const alarmed = this.#isAlarmed(now);
    this.stop();
    this.#since = now;
    if (!this.#failed) {
      if (alarmed) this.#set({ fill: "red", shape: "dot", text: dropsText(this.#dropped) });
      else this.#set({ fill, shape: active ? "dot" : "ring", text: rateText(perSecond, this.#sender) });
    }
    if (active || alarmed) this.#cancel = this.clock.timeout(() => this.#tick(), INTERVAL_MS);
  }

  #isAlarmed(now: number): boolean {
    const dropped = this.drops() ?? 0;
    if (dropped > this.#dropped) {
      this.#dropped = dropped;
      this.#alarmUntil = now + ALARM_MS;
    }
    return now < this.#alarmUntil;
  }

  #set(status: Status): void {
    const key = `${status.fill} ${status.shape} ${status.text}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.show(status);
  }
}

function dropsText(dropped: number): string {
  return `dropped ${dropped}`.slice(0, MAX_CHARS);
}

/** Of an address that does not fit the end is kept, where the addresses of one network differ. */
function rateText(perSecond: number, sender: string): string {
  const rate = `${perSecond < 10_000 ? perSecond : `${Math.round(perSecond / 1000)}k`}/s `;
  const room = MAX_CHARS - rate.length;
  return rate + (sender.length > room ? `…${sender.slice(1 - room)}` : sender);
}
