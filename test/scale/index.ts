import { spawnSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startHaproxy } from "./balancers";
import { startMosquitto } from "./brokers";
import { killEdge } from "./failover";
import { measureLoad } from "./load";
import { type MoveFigures, type ScaleResults, scaleResults, writeScale } from "./scale-results";
import { ScaleRig } from "./scale-rig";
import { scaleSection } from "./scale-section";
import { measureVanishing } from "./vanishing";

const NEEDED = ["mosquitto", "haproxy"];
const SENSORS = 50;
const PER_SECOND = 500;
const FOLLOWERS = 100;
const KILLS = 6;
const AWAY_MS = 1000;
const SETTLING_MS = 3000;
const MOVED_WITHIN_MS = 3000;

async function run(): Promise<ScaleResults> {
  const broker = await startMosquitto();
  const rig = await ScaleRig.start({ broker, startBalancer: startHaproxy, sensors: SENSORS });
  try {
    rig.sensors.start(PER_SECOND);
    const load = await measureLoad(rig, FOLLOWERS);

    await broker.down();
    await setTimeout(AWAY_MS);
    await broker.up();
    await setTimeout(SETTLING_MS);
    rig.sensors.pause();
    await rig.catchUp();
    const complaints = (): string[] => rig.followers.flatMap((follower) => follower.complaints);
    tell(complaints().length === 0, `Mosquitto restarted: ${complaints().length} readings lost or out of order`);

    rig.sensors.start(PER_SECOND);
    const moves: MoveFigures[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      // The edge that is back has the readings first that the broker has kept for it.
      await setTimeout(SETTLING_MS);
      // Where all clients are: after the first one, on the other edge.
      const edge = kill === 0 || (await rig.clientsOf(0)) > 0 ? 0 : 1;
      const move = await killEdge(rig, edge);
      moves.push(move);
      const [longest, waited, opened, heard] = [move.longestMs, move.waitedMs, move.openedMs, move.heardMs].map(
        Math.round,
      );
      tell(
        move.longestMs < MOVED_WITHIN_MS,
        `edge ${edge + 1} killed: its ${move.clients} clients heard nothing for ${Math.round(move.medianMs)} ms, ` +
          `${longest} ms at most (attempt ${move.attempts}; ${waited} + ${opened} + ${heard})`,
      );
    }
    await setTimeout(SETTLING_MS);
    rig.sensors.pause();
    await rig.catchUp();
    const wrong = complaints();
    tell(
      wrong.length === 0,
      `${rig.sensors.sent} readings sent: ${wrong.length} lost or out of order. ${wrong[0] ?? ""}`,
    );
    const setting = { readingsPerSecond: PER_SECOND, topics: SENSORS, followers: FOLLOWERS };
    return scaleResults({ ...setting, ...load, moves, wrong: wrong.length });
  } finally {
    await rig.stop();
  }
}

function tell(isGood: boolean, line: string): void {
  if (!isGood) process.exitCode = 1;
  console.error(`${isGood ? "ok   " : "FAIL "} ${line}`);
}

async function main(json: string | undefined): Promise<void> {
  const results = await run();
  await measureVanishing(tell);
  console.log(scaleSection(results));
  if (json !== undefined) writeScale(json, results);
}

const { values } = parseArgs({ options: { json: { type: "string" } } });
const missing = NEEDED.filter((program) => spawnSync(program, ["-h"], { stdio: "ignore" }).error !== undefined);
if (missing.length > 0) {
  console.log(
    `Not installed: ${missing.join(", ")}. On Debian and Ubuntu: apt-get install --no-install-recommends ${missing.join(" ")}`,
  );
} else {
  main(values.json).catch((error) => {
    console.error(error);
    process.exit(1);
  });
}
