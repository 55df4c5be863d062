import assert from "node:assert/strict";
import type { Target } from "./attacked-node-red";
import type { Crowd } from "./crowd";

/**
 * What somebody does who means harm, in one to three seconds. Asserts what it is answered; that nobody else notices is
 * asserted by the suite. What it opens in the crowd is closed for it.
 */
export type Attack = (target: Target, crowd: Crowd) => Promise<void>;

const TOO_LARGE = 431;
const NONE = 0;

/** A request that is too large may be cut off while it is still being sent, and the answer then be lost. */
export function assertAnswered(status: number, expected: number, what: string): void {
  if (expected !== TOO_LARGE || status !== NONE) assert.equal(status, expected, what);
}

/** A path whose clients are sent no reading. */
export const SILENT_PATH = "/ws?topic=nothing";
