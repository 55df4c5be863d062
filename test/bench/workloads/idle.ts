import { setTimeout } from "node:timers/promises";
import { atMost, kibibytes, mebibytes } from "../report";
import { Rig } from "../rig";
import type { Contestant } from "../server-under-test";
import type { RunOptions, Workload } from "./workload";

const CLIENTS = 5000;
/** Connected before the first reading of memory, so that what the first clients load is not counted. */
const WARM_UP_CLIENTS = 500;
const SETTLE_MS = 500;

interface Row {
  readonly before: number;
  readonly after: number;
  readonly perClient: number;
}

async function measure(contestant: Contestant, options: RunOptions): Promise<Row> {
  options.progress(`idle: ${contestant}`);
  const rig = await Rig.start(contestant, options);
  try {
    await rig.connect({ name: "first", clients: WARM_UP_CLIENTS, sampled: 0 });
    await setTimeout(SETTLE_MS);
    const before = await rig.rssBytes({ collected: true });
    await rig.connect({ name: "idle", clients: CLIENTS, sampled: 0 });
    await setTimeout(SETTLE_MS);
    const after = await rig.rssBytes({ collected: true });
    return { before, after, perClient: (after - before) / CLIENTS };
  } finally {
    await rig.stop();
  }
}

/** Clients that receive nothing. */
export const idle: Workload = {
  name: "idle",
  async run(options) {
    const core = await measure("core", options);
    const sensorcast = await measure("sensorcast", options);
    return {
      title: `${CLIENTS} idle clients`,
      table: {
        columns: ["server", "RSS before", "after", "per client"],
        rows: [cells("core", core), cells("sensorcast", sensorcast)],
      },
      figures: {
        core: { bytesPerClient: core.perClient },
        sensorcast: { bytesPerClient: sensorcast.perClient },
      },
      targets: [atMost("idle client", sensorcast.perClient, 6.5 * 1024, kibibytes)],
    };
  },
  async figures(options) {
    const { perClient } = await measure("sensorcast", options);
    return [{ what: "an idle client", value: perClient, unit: kibibytes }];
  },
};

function cells(name: string, { before, after, perClient }: Row): string[] {
  return [name, mebibytes(before), mebibytes(after), kibibytes(perClient)];
}
