import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { NumberedReading } from "./follower";

const TICK_MS = 10;

/** Sensors that number their readings, as datagrams to one port at a steady rate, in turn. */
export class NumberedSensors {
  readonly #socket: Socket = createSocket("udp4");
  readonly #names: readonly string[];
  readonly #port: number;
  #sent = 0;
  #ticker: NodeJS.Timeout | undefined;

  constructor(count: number, port: number) {
    this.#names = Array.from({ length: count }, (_, index) => `s${index}`);
    this.#port = port;
  }

  get names(): readonly string[] {
    return this.#names;
  }

  /** How many readings a sensor has sent. */
  sentBy(name: string): number {
    const index = this.#names.indexOf(name);
    return Math.floor((this.#sent + this.#names.length - 1 - index) / this.#names.length);
  }

  get sent(): number {
    return this.#sent;
  }

  start(perSecond: number): void {
    const startedAt = performance.now();
    const before = this.#sent;
    this.#ticker = setInterval(() => {
      const due = before + Math.floor(((performance.now() - startedAt) * perSecond) / 1000);
      while (this.#sent < due) this.#send();
    }, TICK_MS);
  }

  pause(): void {
    clearInterval(this.#ticker);
  }

  async stop(): Promise<void> {
    this.pause();
    const closed = once(this.#socket, "close");
    this.#socket.close();
    await closed;
  }

  #send(): void {
    const index = this.#sent % this.#names.length;
    const reading: NumberedReading = {
      sensor: this.#names[index] as string,
      number: Math.floor(this.#sent / this.#names.length) + 1,
    };
    this.#sent++;
    this.#socket.send(JSON.stringify(reading), this.#port, "127.0.0.1");
  }
}
