import { randomBytes } from "node:crypto";

const COUNTER_DIGITS = 8;
const COUNTER_END = 16 ** COUNTER_DIGITS;

/**
 * Ids for `msg._msgid`, of the form that Node-RED gives messages without one. Node-RED rolls eight random bytes for each
 * message, which costs more than decoding a small reading; counting behind a random start costs nearly nothing.
 */
export class MessageIds {
  #prefix = randomBytes(4).toString("hex");
  #next = 0;

  next(): string {
    if (this.#next === COUNTER_END) {
      this.#prefix = randomBytes(4).toString("hex");
      this.#next = 0;
    }
    return this.#prefix + (this.#next++).toString(16).padStart(COUNTER_DIGITS, "0");
  }
}
