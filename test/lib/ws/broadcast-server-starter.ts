import type { BroadcastServerOptions } from "../../../nodes/lib/ws/server-options";
import { BroadcastHarness } from "../../support/broadcast-harness";
import type { FakeClock } from "../../support/fake-clock";

const SETTINGS: Partial<BroadcastServerOptions> = { heartbeat: 30, origins: ["https://listed.org"] };

export type StartServer = (settings?: Partial<BroadcastServerOptions>, clock?: FakeClock) => Promise<BroadcastHarness>;

/**
 * Starts servers with so many sender processes. What a clock that stands still has to do with is not their business, since they
 * have clocks of their own: with one, there are none.
 */
export function serverStarter(senders: number): StartServer {
  return (settings = {}, clock) =>
    BroadcastHarness.start({
      settings: { ...SETTINGS, senders: clock === undefined ? senders : 0, ...settings },
      ...(clock && { clock }),
    });
}

export function titleWith(title: string, senders: number): string {
  return senders === 0 ? title : `${title} with sender processes`;
}
