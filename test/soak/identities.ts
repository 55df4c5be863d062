import { REJECT_REASONS } from "../../nodes/lib/udp/reports/rejection";
import { samplesOf } from "../support/metrics-page";
import { GUARDED_PATH, METRICS_TOKEN, OPEN_PATH } from "./soak-flow";

/** What the metrics of both servers say, which hold what both listeners count, too. */
export interface Accounts {
  readonly open: ReadonlyMap<string, number>;
  readonly guarded: ReadonlyMap<string, number>;
}

/** @throws {Error} when the metrics cannot be had */
export async function readAccounts(url: string): Promise<Accounts> {
  const read = async (path: string): Promise<ReadonlyMap<string, number>> => {
    const headers = { Authorization: `Bearer ${METRICS_TOKEN}` };
    const answer = await fetch(`${url}${path}/metrics`, { headers });
    if (!answer.ok) throw new Error(`the metrics of ${path} were answered ${answer.status}: ${await answer.text()}`);
    return samplesOf(await answer.text());
  };
  const [open, guarded] = await Promise.all([read(OPEN_PATH), read(GUARDED_PATH)]);
  return { open, guarded };
}

/** Datagrams of a listener: those that reached it, and those dropped before. */
export function arrivedAt(accounts: Accounts, node: string): { readonly received: number; readonly dropped: number } {
  const of = (name: string, fate?: string): number =>
    sumOf(accounts.open, name, [`node="${node}"`, ...(fate ? [`fate="${fate}"`] : [])]);
  return {
    received: of("sensorcast_datagrams_received_total"),
    dropped: of("sensorcast_datagrams_total", "dropped_kernel") + of("sensorcast_datagrams_total", "dropped_thread"),
  };
}

/** Where the accounts do not balance, in words. */
export function imbalances(accounts: Accounts): string[] {
  const wrong: string[] = [];
  for (const node of ["feed", "hostile"]) {
    const of = (fate: string): number =>
      sumOf(accounts.open, "sensorcast_datagrams_total", [`node="${node}"`, `fate="${fate}"`]);
    const { received } = arrivedAt(accounts, node);
    const pending = sumOf(accounts.open, "sensorcast_datagrams_pending", [`node="${node}"`]);
    const rejected = REJECT_REASONS.reduce((sum, reason) => sum + of(`rejected_${reason}`), 0);
    const accounted = of("emitted") + of("conflated") + rejected + pending;
    if (received !== accounted) wrong.push(`${node} received ${received} datagrams, but accounts for ${accounted}`);
  }
  for (const [name, samples] of Object.entries(accounts) as [string, ReadonlyMap<string, number>][]) {
    const offered = sumOf(samples, "sensorcast_deliveries_offered_total");
    const accounted = sumOf(samples, "sensorcast_deliveries_total") + sumOf(samples, "sensorcast_deliveries_pending");
    if (offered !== accounted) wrong.push(`${name} offered ${offered} readings, but accounts for ${accounted}`);
  }
  return wrong;
}

export function sumOf(samples: ReadonlyMap<string, number>, name: string, labels: readonly string[] = []): number {
  let sum = 0;
  for (const [series, value] of samples) {
    const [itsName] = series.split("{", 1);
    if (itsName === name && labels.every((label) => series.includes(label))) sum += value;
  }
  return sum;
}
