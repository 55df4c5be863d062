import { spawnSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import type { ClientSwarm } from "../bench/load/client-swarm";
import { CORE, spawnPinned } from "../bench/pinning";
import { Remote } from "../bench/remote";
import { cpuMsOf } from "../support/process-usage";
import { until } from "../support/until";
import { startHaproxy } from "./balancers";
import { startMosquitto } from "./brokers";
import { EDGE_PATH } from "./flows";
import { ScaleRig } from "./scale-rig";

const NEEDED = ["mosquitto", "haproxy"];
const SENSORS = 50;
const PER_SECOND = 500;
const FOLLOWERS = 40;
const SWARM_PER_EDGE = 500;
const WINDOW_MS = 15_000;
const TIMEOUT_MS = 60_000;
const MOVED_WITHIN_MS = 3000;

/** Where two edges share a processor with everything else, what they could do on their own is arithmetic: this says both. */
async function run(): Promise<boolean> {
  const broker = await startMosquitto();
  const rig = await ScaleRig.start({ broker, startBalancer: startHaproxy, sensors: SENSORS });
  const swarm = new Remote<ClientSwarm>(
    spawnPinned(CORE.load, ["-r", "tsx/cjs", require.resolve("../bench/load/client-swarm")]),
    "client-swarm",
  );
  const isGood: boolean[] = [];
  const tell = (good: boolean, line: string): void => {
    isGood.push(good);
    console.log(`${good ? "ok   " : "FAIL "} ${line}`);
  };
  try {
    const followers = await rig.follow(FOLLOWERS);
    rig.sensors.start(PER_SECOND);
    await setTimeout(3000);

    const idle = await costs(rig, WINDOW_MS);
    for (const [index, { port }] of rig.edges.entries()) {
      const path = EDGE_PATH;
      await swarm.call("connect", { name: `edge ${index}`, clients: SWARM_PER_EDGE, sampled: 0, port, path });
    }
    const before = await framesAt(swarm);
    const busy = await costs(rig, WINDOW_MS);
    const after = await framesAt(swarm);
    console.log(
      `\n${PER_SECOND} readings/s of ${SENSORS} topics, ${FOLLOWERS} clients behind HAProxy, then ${SWARM_PER_EDGE} more on each edge`,
    );
    console.log("\n| process | CPU, few clients | CPU, many clients | |\n| --- | ---: | ---: | --- |");
    const share = (ms: number | undefined) => (ms === undefined ? "?" : `${((100 * ms) / WINDOW_MS).toFixed(1)} %`);
    const perReading = (ms: number) => `${((1000 * ms) / (PER_SECOND * (WINDOW_MS / 1000))).toFixed(0)} µs per reading`;
    console.log(
      `| sensor side | ${share(idle.sensorSide)} | ${share(busy.sensorSide)} | ${perReading(busy.sensorSide ?? 0)} |`,
    );
    console.log(
      `| Mosquitto | ${share(idle.broker)} | ${share(busy.broker)} | ${perReading((busy.broker ?? 0) / (1 + rig.edges.length))} and connection |`,
    );
    for (const [index, ms] of busy.edges.entries()) {
      const few = idle.edges[index] ?? 0;
      const deliveries = (after[index] ?? 0) - (before[index] ?? 0);
      const perDelivery = (1000 * ((ms ?? 0) - few)) / deliveries;
      const rate = Math.round(deliveries / (WINDOW_MS / 1000));
      console.log(
        `| edge ${index + 1} | ${share(few)} | ${share(ms)} | ${perDelivery.toFixed(2)} µs more for each of ${rate} deliveries/s |`,
      );
    }
    console.log("");
    await swarm.call("close");

    await broker.down();
    await setTimeout(1000);
    await broker.up();
    await setTimeout(5000);
    rig.sensors.pause();
    await rig.catchUp();
    const lost = followers.flatMap(({ complaints }) => complaints);
    tell(lost.length === 0, `Mosquitto was restarted under load: ${lost.length} readings lost or out of order`);

    rig.sensors.start(PER_SECOND);
    await setTimeout(1000);
    const itsClients = await rig.clientsOf(0);
    await rig.edges[0]?.kill();
    const moved = () => followers.filter(({ missed, longestSilenceMs }) => missed > 0 && longestSilenceMs > 0);
    await until(() => moved().length >= itsClients, "not all clients have moved", TIMEOUT_MS);
    const longest = Math.max(...moved().map(({ longestSilenceMs }) => longestSilenceMs));
    tell(
      longest < MOVED_WITHIN_MS,
      `an edge was killed: its ${itsClients} clients heard nothing for ${Math.round(longest)} ms at most`,
    );
    await setTimeout(2000);
    rig.sensors.pause();
    await rig.catchUp();
    const wrong = followers.flatMap(({ complaints }) => complaints);
    tell(
      wrong.length === 0,
      `${rig.sensors.sent} readings were sent; ${wrong.length} were lost or out of order for a client that was connected`,
    );
  } finally {
    await swarm.stop();
    await rig.stop();
  }
  return isGood.every(Boolean);
}

/** Readings that the clients of each edge have received. */
async function framesAt(swarm: Remote<ClientSwarm>): Promise<number[]> {
  const { groups } = await swarm.call("report");
  return Object.values(groups).map(({ frames }) => frames);
}

interface Costs {
  readonly sensorSide: number | undefined;
  readonly broker: number | undefined;
  readonly edges: readonly (number | undefined)[];
}

/** Processor time that each process takes in so long, in ms. */
async function costs({ sensorSide, broker, edges }: ScaleRig, windowMs: number): Promise<Costs> {
  const now = () => [cpuMsOf(sensorSide.pid), broker.cpuMs(), ...edges.map(({ pid }) => cpuMsOf(pid))];
  const before = now();
  await setTimeout(windowMs);
  const [sensor, mqtt, ...rest] = now().map((ms, index) => ms && ms - (before[index] ?? 0));
  return { sensorSide: sensor, broker: mqtt, edges: rest };
}

const missing = NEEDED.filter((program) => spawnSync(program, ["-h"], { stdio: "ignore" }).error !== undefined);
if (missing.length > 0) {
  console.log(
    `Not installed: ${missing.join(", ")}. On Debian and Ubuntu: apt-get install --no-install-recommends ${missing.join(" ")}`,
  );
} else {
  run().then(
    (isGood) => {
      process.exitCode = isGood ? 0 : 1;
    },
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}
