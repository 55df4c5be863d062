import type { Target } from "./attacked-node-red";
import type { Crowd } from "./crowd";

/**
 * What somebody does who means harm, in one to three seconds. Asserts what it is answered; that nobody else notices is
 * asserted by the suite. What it opens in the crowd is closed for it.
 */
export type Attack = (target: Target, crowd: Crowd) => Promise<void>;

/** A path whose clients are sent no reading. */
export const SILENT_PATH = "/ws?topic=nothing";
