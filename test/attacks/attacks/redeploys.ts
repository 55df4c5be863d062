import assert from "node:assert/strict";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "../../support/until";
import type { Attack } from "../attack";
import type { Target } from "../attacked-node-red";

const BEFORE_MS = 700;

/** Restarts the flows in the middle of another attack, whose clients may then be refused or cut off. */
export function redeployDuring(attack: Attack): Attack {
  return async (target, crowd) => {
    const attacked = attack(target, crowd).catch((error: Error) => {
      if (!CUT_OFF.test(error.message)) throw error;
    });
    await delay(BEFORE_MS);
    await Promise.all([attacked, target.redeploy()]);
  };
}

const SILENT = 20;
/** A deploy that takes less is as quick as any: clients have a second to say goodbye. */
const QUICK_MS = 1000;
const MAX_RATIO = 3;
const PORT_TIMEOUT_MS = 30_000;

/** A port with TLS is free for the next server at once, whatever connections there are that say nothing. */
export const redeployBesideSilence: Attack = async (target, crowd) => {
  const aloneMs = await timed(() => redeployed(target));
  for (let i = 0; i < SILENT; i++) await crowd.connect(target.allPorts.tls);
  const besideMs = await timed(() => redeployed(target));
  assert.ok(besideMs < MAX_RATIO * Math.max(aloneMs, QUICK_MS), `the deploy took ${besideMs} ms, before ${aloneMs} ms`);
};

/** Flows count as started a little before their ports are bound. */
async function redeployed(target: Target): Promise<void> {
  await target.redeploy();
  await until(() => listens(target.allPorts.tls), "nobody has the port with TLS", PORT_TIMEOUT_MS);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

async function timed(run: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await run();
  return performance.now() - begin;
}

/** Without an answer, with 404 for a path that nobody has right now, or with 503. */
const CUT_OFF = /^the upgrade was answered (0|404|503)$|ECONNREFUSED|ECONNRESET/;
