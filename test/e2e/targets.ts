import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Installation } from "../support/node-red-process";

/** A Node-RED that the package promises to run in. */
export interface Target extends Installation {
  /** Also the prefix of its screenshots. */
  readonly name: string;
  readonly hasDarkTheme: boolean;
  /** Why it cannot run on this machine; undefined if it can. */
  readonly unavailable: string | undefined;
}

const NODE_RED_5_NEEDS = [22, 9] as const;
const node24 = join(__dirname, "node_modules/node24/bin/node");

/** Node-RED 4.1 on the Node that runs the tests, and 5.0 on the same if it is new enough, else on the Node 24 installed here. */
export const targets: readonly Target[] = [
  {
    name: "node-red-4.1",
    hasDarkTheme: false,
    node: process.execPath,
    nodeRed: resolve(__dirname, "../../node_modules/node-red/red.js"),
    unavailable: undefined,
  },
  {
    name: "node-red-5.0",
    hasDarkTheme: true,
    node: runsNodeRed5(process.versions.node) ? process.execPath : node24,
    nodeRed: join(__dirname, "node_modules/node-red/red.js"),
    unavailable:
      runsNodeRed5(process.versions.node) || existsSync(node24)
        ? undefined
        : `Node-RED 5.0 needs Node ${NODE_RED_5_NEEDS.join(".")} or newer: this is ${process.versions.node}, and there is no Node 24 package for ${process.platform} ${process.arch}`,
  },
];

/**
 * Defines a suite for each target.
 *
 * @param unavailable why it cannot run here in any of them; its tests are skipped then, and the title says why
 */
export function describeTargets(
  title: string,
  unavailable: string | undefined,
  define: (this: Mocha.Suite, target: Target) => void,
): void {
  for (const target of targets) {
    const reason = unavailable ?? target.unavailable;
    const suite = function (this: Mocha.Suite): void {
      define.call(this, target);
    };
    if (reason) describe.skip(`${title} in ${target.name} (skipped: ${reason})`, suite);
    else describe(`${title} in ${target.name}`, suite);
  }
}

function runsNodeRed5(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > NODE_RED_5_NEEDS[0] || (major === NODE_RED_5_NEEDS[0] && minor >= NODE_RED_5_NEEDS[1]);
}
