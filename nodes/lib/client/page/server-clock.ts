/** `Date` counts in seconds: less than this is no difference. */
const TOLERANCE_MS = 2000;

/** What time it is for the server, whose clock may be wrong, or be right where this machine's is not. */
export class ServerClock {
  #aheadMs = 0;

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  /** Asks the server. Without an answer its time is taken to be that of this machine. */
  async adjust(): Promise<void> {
    const answer = await fetch(".", { method: "HEAD", cache: "no-store" }).catch(() => undefined);
    const date = Date.parse(answer?.headers.get("Date") ?? "");
    const ahead = date - Date.now();
    this.#aheadMs = Math.abs(ahead) > TOLERANCE_MS ? ahead : 0;
  }
}
