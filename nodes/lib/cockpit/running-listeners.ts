import type { RunningListener } from "./listener-endpoints";

/**
 * All listeners of this Node-RED, by the id of their node. Of the module, for the endpoints of a package that is removed and
 * installed again stay the first.
 */
export const runningListeners = new Map<string, RunningListener>();
