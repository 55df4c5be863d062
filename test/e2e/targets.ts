import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Installation } from "../support/node-red-process";

/** A Node-RED that the package promises to run in. */
export interface Target extends Installation {
  /** Such as `node-red-5.0`; also the prefix of its screenshots. */
  readonly name: string;
  readonly hasDarkTheme: boolean;
  /** Why it cannot run on this machine; undefined if it can. */
  readonly unavailable: string | undefined;
}

const NODE_RED_5_NEEDS = [22, 9] as const;
const node24 = join(__dirname, "node_modules/node24/bin/node");

/** The package's own development dependency, and what is installed here; once, if they are the same version. */
export const targets: readonly Target[] = [
  ...new Map([resolve(__dirname, "../.."), __dirname].map(targetIn).map((target) => [target.name, target])).values(),
];

/** The Node-RED in a directory's `node_modules`, on the Node that runs the tests, or on Node 24 if that one is too old for it. */
function targetIn(directory: string): Target {
  const home = join(directory, "node_modules/node-red");
  const version: string = JSON.parse(readFileSync(join(home, "package.json"), "utf8")).version;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const nodeIsTooOld = major >= 5 && !runsNodeRed5(process.versions.node);
  return {
    name: `node-red-${major}.${minor}`,
    node: nodeIsTooOld ? node24 : process.execPath,
    nodeRed: join(home, "red.js"),
    hasDarkTheme: major >= 5,
    unavailable:
      nodeIsTooOld && !existsSync(node24)
        ? `Node-RED ${version} needs Node ${NODE_RED_5_NEEDS.join(".")} or newer: this is ${process.versions.node}, and there is no Node 24 package for ${process.platform} ${process.arch}`
        : undefined,
  };
}

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
