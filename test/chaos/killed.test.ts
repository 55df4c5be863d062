import assert from "node:assert/strict";
import { Follower } from "../scale/follower";
import { NumberedSensors } from "../scale/numbered-sensors";
import { FlowProcess } from "../support/flow-process";
import { freeUdpPort } from "../support/free-port";
import { cpuMsOf, descendantsOf, handlesOf } from "../support/process-usage";
import { until } from "../support/until";
import { chaosFlow, PATH } from "./chaos-flow";

const TIMEOUT_MS = 120_000;
const SENSORS = 5;
const PER_SECOND = 200;
const CLIENTS = 20;

for (const senders of [0, 2]) {
  describe(`Node-RED with ${senders} sender processes, killed under load`, function () {
    this.timeout(TIMEOUT_MS);

    it("comes back, and its clients with it: they are told that they missed something, and then miss nothing", async () => {
      const udpPort = await freeUdpPort();
      const nodeRed = await FlowProcess.start({ flow: chaosFlow(udpPort, { server: { senders: String(senders) } }) });
      const sensors = new NumberedSensors(SENSORS, udpPort);
      const url = nodeRed.url.replace("http", "ws") + PATH;
      const followers = Array.from({ length: CLIENTS }, () => new Follower(url, []));
      const all = async (condition: (follower: Follower) => boolean, otherwise: string): Promise<void> => {
        await until(() => followers.every(condition), otherwise, TIMEOUT_MS);
      };
      const haveLast = ({ topics }: Follower): boolean =>
        sensors.names.every((name) => topics.get(name)?.last === sensors.sentBy(name));
      try {
        await all(({ feed }) => feed.state === "open", "not all clients are connected");
        sensors.start(PER_SECOND);
        await all(({ received }) => received > PER_SECOND, "not all clients get readings");
        const itsSenders = descendantsOf(nodeRed.pid);
        if (process.platform === "linux") assert.equal(itsSenders.length, senders);
        await nodeRed.kill();
        await all(({ feed }) => feed.state !== "open", "not all clients have noticed");
        await until(() => !itsSenders.some(isRunning), "sender processes outlive Node-RED", TIMEOUT_MS);
        const most = Math.max(...followers.map(({ received }) => received));
        await nodeRed.restart();
        await all(({ missed }) => missed === 1, "not all clients are told that they missed something");
        await all(({ received }) => received > most + PER_SECOND, "not all clients get readings again");
        sensors.pause();
        await all(haveLast, "not all clients have the last reading of each sensor");
        assert.deepEqual(
          followers.flatMap(({ complaints }) => complaints),
          [],
        );
      } finally {
        for (const follower of followers) follower.close();
        await sensors.stop();
        await nodeRed.stop();
      }
    });
  });
}

/** A process that has ended, but that nobody has waited for, runs no more. */
function isRunning(pid: number): boolean {
  return cpuMsOf(pid) !== undefined && handlesOf(pid)?.files !== 0;
}
