import { readFileSync, writeFileSync } from "node:fs";
import { type Machine, machine } from "../bench/machine";

/** What `npm run scale` measured; shares of a core from 0 to 1, times in ms. */
export interface ScaleResults {
  /** ISO 8601, without the time. */
  readonly date: string;
  readonly machine: Machine;
  readonly readingsPerSecond: number;
  readonly topics: number;
  readonly followers: number;
  readonly sensorSideShare: number;
  readonly broker: {
    /** With two edges. */
    readonly share: number;
    /** With so many subscribers more that take what an edge takes. */
    readonly moreEdges: number;
    readonly moreShare: number;
    /** That those got. */
    readonly moreMessagesPerSecond: number;
  };
  /** Of the clients that follow through it. */
  readonly balancer: { readonly share: number; readonly deliveriesPerSecond: number };
  /** Two edges at once, whose clients get every reading. */
  readonly ofEverything: readonly EdgeFigures[];
  /** One edge, whose clients get one topic each. */
  readonly ofOneTopic: readonly EdgeFigures[];
  /** One for each time that an edge was killed. */
  readonly moves: readonly MoveFigures[];
  /** Readings that a connected client did not get, or not in order. */
  readonly wrong: number;
}

export interface EdgeFigures {
  /** Besides those that follow through the balancer. */
  readonly clients: number;
  /** When it had no clients at all. */
  readonly idleShare: number;
  readonly share: number;
  /** To all of them. */
  readonly deliveriesPerSecond: number;
}

/** Of the client that heard nothing for longest; what it took one after the other. */
export interface MoveFigures {
  readonly clients: number;
  readonly medianMs: number;
  readonly longestMs: number;
  readonly attempts: number;
  readonly reasons: readonly string[];
  readonly waitedMs: number;
  readonly openedMs: number;
  readonly heardMs: number;
}

const SIGNIFICANT_DIGITS = 4;

export function scaleResults(measured: Omit<ScaleResults, "date" | "machine">): ScaleResults {
  return { date: new Date().toISOString().slice(0, 10), machine: { ...machine(), isPinned: false }, ...measured };
}

/** @throws {Error} if the file is missing or is no JSON */
export function readScale(file: string): ScaleResults {
  return JSON.parse(readFileSync(file, "utf8")) as ScaleResults;
}

export function writeScale(file: string, results: ScaleResults): void {
  const rounded = (_key: string, value: unknown): unknown =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(SIGNIFICANT_DIGITS)) : value;
  writeFileSync(file, `${JSON.stringify(results, rounded, 2)}\n`);
}
