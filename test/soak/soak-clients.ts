import WebSocket from "ws";
import type { Random } from "./random";
import { EXPIRING_TOKEN, GUARDED_PATH, LASTING_TOKEN, OPEN_PATH } from "./soak-flow";

/** What a client of a soak does. */
export const KINDS = ["steady", "brief", "stalled", "slow", "changing", "expiring", "stranger"] as const;
export type Kind = (typeof KINDS)[number];

const FILTERS = ["%23", "s1", "s%2B", "+/north", "s1&topic=s2&topic=s3", "nobody"];
const SLOW_PAUSE_MS = 200;

/** In readings: how many of each kind came, and what became of them. */
export class ClientTally {
  readonly came: Record<Kind, number> = {
    steady: 0,
    brief: 0,
    stalled: 0,
    slow: 0,
    changing: 0,
    expiring: 0,
    stranger: 0,
  };
  readonly closings = new Map<number, number>();
  received = 0;
  resumed = 0;
  missed = 0;
  /** A reading that does not follow the last one, though nothing said that some were missed. */
  readonly complaints: string[] = [];
}

/** One client, which connects, behaves as its kind has it, and goes. A steady one comes back with `since`. */
export class SoakClient {
  readonly kind: Kind;
  readonly #port: number;
  readonly #tally: ClientTally;
  readonly #random: Random;
  #socket: WebSocket;
  #timer: NodeJS.Timeout | undefined;
  #since: string | undefined;
  #expected: { epoch: string; number: number } | undefined;
  #hasEnded = false;

  constructor(kind: Kind, port: number, { tally, random }: { readonly tally: ClientTally; readonly random: Random }) {
    this.kind = kind;
    this.#port = port;
    this.#tally = tally;
    this.#random = random;
    tally.came[kind]++;
    this.#socket = this.#connect();
    const livesMs = kind === "brief" ? random.between(10, 3000) : random.between(5000, 30_000);
    setTimeout(() => this.end(), livesMs).unref();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    if (this.#random.next() < 0.5) this.#socket.terminate();
    else {
      this.#socket.resume();
      this.#socket.close();
    }
  }

  #connect(): WebSocket {
    const socket = new WebSocket(this.#url(), { perMessageDeflate: false });
    this.#expected = undefined;
    socket.on("error", () => undefined);
    socket.on("message", (data) => this.#receive(String(data)));
    socket.on("open", () => this.#behave(socket));
    socket.on("close", (code) => this.#closed(code));
    return socket;
  }

  #url(): string {
    const base = `ws://127.0.0.1:${this.#port}`;
    switch (this.kind) {
      case "steady":
        return `${base}${OPEN_PATH}?envelope=1&topic=%23${this.#since === undefined ? "" : `&since=${this.#since}`}`;
      case "expiring":
        return `${base}${GUARDED_PATH}?token=${EXPIRING_TOKEN}`;
      case "stranger":
        return `${base}${GUARDED_PATH}?token=guessed-${this.#random.between(0, 1e9)}`;
      case "changing":
        return `${base}${GUARDED_PATH}?token=${LASTING_TOKEN}&topic=${this.#random.pick(FILTERS)}`;
      default: {
        const mode = this.#random.pick(["stream", "latest", "latest&every=250", "stream&history=100"]);
        return `${base}${OPEN_PATH}?topic=${this.#random.pick(FILTERS)}&mode=${mode}`;
      }
    }
  }

  #behave(socket: WebSocket): void {
    if (this.kind === "stalled") socket.pause();
    if (this.kind === "slow") this.#readSlowly(socket);
    if (this.kind === "steady") this.#timer = setTimeout(() => socket.terminate(), this.#random.between(1000, 15_000));
    if (this.kind === "changing") this.#timer = setTimeout(() => socket.close(), this.#random.between(200, 2000));
  }

  #readSlowly(socket: WebSocket): void {
    socket.pause();
    this.#timer = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.resume();
    }, SLOW_PAUSE_MS);
  }

  #receive(text: string): void {
    this.#tally.received++;
    if (this.kind === "slow" && !this.#hasEnded) this.#socket.pause();
    if (this.kind !== "steady") return;
    const { seq, missed } = JSON.parse(text) as { seq?: string; missed?: boolean };
    if (missed === true) {
      this.#tally.missed++;
      this.#expected = undefined;
      return;
    }
    if (seq === undefined) return;
    const [epoch = "", digits = ""] = seq.split(".");
    const number = Number(digits);
    this.#since = seq;
    // Those replayed are the newest of each topic, with gaps; from the first that follows directly on, there are none.
    if (this.#expected?.epoch === epoch && number < this.#expected.number) {
      this.#tally.complaints.push(`${number} came after ${this.#expected.number - 1}`);
    }
    this.#expected = { epoch, number: number + 1 };
  }

  #closed(code: number): void {
    clearInterval(this.#timer);
    clearTimeout(this.#timer);
    this.#tally.closings.set(code, (this.#tally.closings.get(code) ?? 0) + 1);
    const comesBack = this.kind === "steady" || this.kind === "changing";
    if (this.#hasEnded || !comesBack) {
      this.#hasEnded = true;
      return;
    }
    this.#timer = setTimeout(
      () => {
        if (this.#since !== undefined) this.#tally.resumed++;
        this.#socket = this.#connect();
      },
      this.#random.between(20, 1000),
    );
  }
}
