import { setTimeout as delay } from "node:timers/promises";
import type { Attack } from "../attack";

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

/** Without an answer, with 404 for a path that nobody has right now, or with 503. */
const CUT_OFF = /^the upgrade was answered (0|404|503)$|ECONNREFUSED|ECONNRESET/;
