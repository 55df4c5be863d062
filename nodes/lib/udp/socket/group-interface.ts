import { createSocket } from "node:dgram";
import { isIPv6 } from "../../net/ip-address";
import type { NetworkInterfaces } from "./listen-address";
import { parseGroup } from "./multicast-group";

/** The address of this machine from which it would send to another one; `undefined`: it has no way there. */
export type SourceAddress = (destination: string) => Promise<string | undefined>;

/** Any will do: nothing is sent. */
const PORT = 9;

/** Asks the system for its route. */
export const sourceAddress: SourceAddress = (destination) =>
  new Promise((resolve) => {
    const socket = createSocket(isIPv6(destination) ? "udp6" : "udp4");
    const end = (source?: string): void => {
      socket.removeAllListeners("error").on("error", () => undefined);
      socket.close();
      resolve(source);
    };
    socket.once("error", () => end());
    socket.connect(PORT, destination, (error?: Error) => end(error ? undefined : socket.address().address));
  });

/**
 * The name of the interface on which a group is joined; `undefined`: not known. Where none is chosen, the system takes the
 * one by which it would send to the group: Linux, ip(7), `IP_ADD_MEMBERSHIP`.
 * @param listening.address as a user chose it: that of an interface, its name, or empty
 */
export async function groupInterface(
  listening: { readonly group: string; readonly address: string },
  interfaces: NetworkInterfaces,
  source: SourceAddress = sourceAddress,
): Promise<string | undefined> {
  try {
    const chosen = listening.address || (await source(parseGroup(listening.group).address));
    const [bare = "", zone] = chosen?.split("%") ?? [];
    const all = interfaces();
    return zone ?? Object.keys(all).find((name) => name === bare || all[name]?.some(({ address }) => address === bare));
  } catch {
    // It is nothing that a listener needs.
    return undefined;
  }
}
