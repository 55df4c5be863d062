import { setTimeout as delay } from "node:timers/promises";
import WebSocket from "ws";
import { until } from "../support/until";
import { numberOf } from "./steady-feed";

const RECONNECT_MS = 20;
const CATCH_UP_TIMEOUT_MS = 15_000;

/** Follows the steady feed and complains of every reading that it misses. Comes back when it is sent away. */
export class HonestClient {
  /** What went wrong, in sentences. */
  readonly complaints: string[] = [];
  /** How its connections ended. */
  readonly closings: number[] = [];
  #last: number | undefined;
  #socket: WebSocket | undefined;
  #stopped = false;

  constructor(
    readonly name: string,
    private readonly url: string,
  ) {
    void this.#stayConnected();
  }

  /** Resolves once it has received the reading of that number or a newer one. */
  async reaches(number: number): Promise<void> {
    const late = () => `${this.name} received ${this.#last ?? "nothing"} but not yet ${number}`;
    await until(() => (this.#last ?? 0) >= number, "late", CATCH_UP_TIMEOUT_MS).catch(() =>
      this.complaints.push(late()),
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.terminate();
  }

  async #stayConnected(): Promise<void> {
    while (!this.#stopped) {
      const code = await this.#follow();
      if (this.#stopped) return;
      if (code !== undefined) this.closings.push(code);
      await delay(RECONNECT_MS);
    }
  }

  /** @returns the code of its end, or `undefined` when it could not even connect */
  #follow(): Promise<number | undefined> {
    const socket = new WebSocket(this.url, { perMessageDeflate: false });
    this.#socket = socket;
    this.#last = undefined;
    let isOpen = false;
    socket.on("open", () => {
      isOpen = true;
    });
    socket.on("message", (data) => {
      const number = numberOf(String(data));
      if (number === undefined) return;
      if (this.#last !== undefined && number !== this.#last + 1) {
        this.complaints.push(`${this.name} received ${number} after ${this.#last}`);
      }
      this.#last = number;
    });
    // It is always followed by "close".
    socket.on("error", () => undefined);
    return new Promise((resolve) => socket.on("close", (code) => resolve(isOpen ? code : undefined)));
  }
}
