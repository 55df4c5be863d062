import { setTimeout } from "node:timers/promises";
import type { FlowProcess } from "../support/flow-process";
import { descendantsOf, handlesOf } from "../support/process-usage";
import { until } from "../support/until";

const STEP_MS = 200;
const TIMEOUT_MS = 40_000;
/** Longer than connections are kept alive that ask for something and then for nothing more. */
const SAME_STEPS = 40;

export interface Handles {
  readonly files: number;
  readonly threads: number;
  readonly processes: number;
}

/** What a Node-RED has open when it has come to rest. @throws {Error} when it does not */
export async function handlesAtRest({ pid }: FlowProcess): Promise<Handles> {
  let handles: Handles = { files: 0, threads: 0, processes: 0 };
  let last = "";
  let same = 0;
  await until(
    async () => {
      await setTimeout(STEP_MS);
      const { files = 0, threads = 0 } = handlesOf(pid) ?? {};
      handles = { files, threads, processes: descendantsOf(pid).length };
      same = JSON.stringify(handles) === last ? same + 1 : 0;
      last = JSON.stringify(handles);
      return same >= SAME_STEPS;
    },
    "Node-RED does not come to rest",
    TIMEOUT_MS,
  );
  return handles;
}
