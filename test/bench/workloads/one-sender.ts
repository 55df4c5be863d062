import { atLeast, atMost, count, ms, percent } from "../report";
import { DELAY_RESOLUTION_MS, figuresOf, MILLION, measureFanOut } from "./fan-out-measurement";
import { fanOutTable } from "./fan-out-table";
import type { Workload } from "./workload";

/**
 * The same with one sender process, which takes the most of the core that it shares with Node-RED here: what counts is how little
 * is left for Node-RED to do.
 */
export const oneSender: Workload = {
  name: "one-sender",
  async run(options) {
    const shape = { clients: 1000, perSecond: 1000, sampled: 8 };
    const sensorcast = await measureFanOut("one-sender", { contestant: "sensorcast", ...shape }, options);
    const row = await measureFanOut("one-sender", { contestant: "one sender", ...shape }, options);
    const rows = { sensorcast, "with one sender": row };
    return {
      title: "1 000 clients × 1 000 readings/s, with one sender process",
      table: fanOutTable(rows, sensorcast),
      targets: [
        atLeast("one sender: deliveries/s", row.deliveries, MILLION, count),
        atMost("one sender: lost", row.lost, 0, count),
        atMost("one sender: Node-RED's loop busy", row.loopCpu, 0.15, percent),
        atMost("one sender: loop delay p99", row.loopDelayP99Ms, 2 + DELAY_RESOLUTION_MS, ms),
      ],
      figures: Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, figuresOf(row)])),
    };
  },
};
