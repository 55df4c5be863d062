import { createSocket } from "node:dgram";

const INTERVAL_MS = 5;

/** The topic of its readings. */
export const STEADY_TOPIC = "steady";
/** The topic of those whose latency is measured. */
export const PROBE_TOPIC = "probe";

const STEADY_READING = new RegExp(`^{"sensor":"${STEADY_TOPIC}","value":(\\d+)}$`);

/** Sends numbered readings as datagrams, 200 a second, for as long as it runs. */
export class SteadyFeed {
  #sent = 0;
  readonly #socket = createSocket("udp4");
  readonly #timer: NodeJS.Timeout;

  constructor(port: number) {
    this.#timer = setInterval(() => {
      const reading = JSON.stringify({ sensor: STEADY_TOPIC, value: ++this.#sent });
      this.#socket.send(reading, port, "127.0.0.1");
    }, INTERVAL_MS);
  }

  /** Number of the last reading. */
  get last(): number {
    return this.#sent;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }
}

/** The number of a reading of the feed; `undefined` for what others have sent. */
export function numberOf(message: string): number | undefined {
  const number = STEADY_READING.exec(message)?.[1];
  return number === undefined ? undefined : Number(number);
}
