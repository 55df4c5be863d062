import type { ChildProcess } from "node:child_process";
import { SECRETS } from "./attacked-flow";

/** Log lines of which none may appear, and Node's own warnings, such as one of leaked listeners. */
const TROUBLE = /\[(error|fatal)\]|uncaught|unhandled|^\(node:\d+\)/i;
/** Nodes that are there to be in trouble. */
const EXPECTED = /\[error\] \[[\w-]+:(contested|unreachable|unreachable-out|gone-out)\]/;
/** C0 without tab, C1, and what changes the direction of text: a datagram could forge lines with them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** What a Node-RED under attack prints. */
export class AttackLog {
  #text = "";
  #checked = 0;

  constructor(child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#text += text;
      });
    }
  }

  get text(): string {
    return this.#text;
  }

  get length(): number {
    return this.#text.length;
  }

  includes(text: string, from: number): boolean {
    return this.#text.includes(text, from);
  }

  /** Lines logged since the last call that should not be there. */
  takeTrouble(): string[] {
    const lines = this.#text.slice(this.#checked).split("\n");
    this.#checked = this.#text.length;
    return lines.filter(
      (line) =>
        (TROUBLE.test(line) && !EXPECTED.test(line)) ||
        CONTROL.test(line) ||
        Object.values(SECRETS).some((secret) => line.includes(secret)),
    );
  }
}
