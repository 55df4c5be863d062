import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { isIPv6, isLoopback } from "../net/ip-address";
import type { NetworkInterfaces } from "../udp/socket/listen-address";
import { parseGroup } from "../udp/socket/multicast-group";
import type { SocketRequest } from "../udp/socket/socket-lease";

type Listening = Pick<SocketRequest, "address" | "port" | "family" | "groups">;

/** Where devices can send to. */
export interface ListenTarget {
  readonly address: string;
  /** Only programs on this machine can. */
  readonly isLocal: boolean;
  /** Of the network interface; empty for a multicast group. */
  readonly interface: string;
}

/** Every address that a listener receives on, those of the network first. */
export function listenTargets(listening: Listening, interfaces: NetworkInterfaces = networkInterfaces): ListenTarget[] {
  const { address, family, groups } = listening;
  if (groups.length > 0) {
    return groups.map((group) => ({ address: parseGroup(group).address, isLocal: false, interface: "" }));
  }
  const targets = Object.entries(interfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter((each) => !isLinkLocal(each.address))
      .map((each) => ({ address: each.address, isLocal: isLoopback(each.address), interface: name })),
  );
  const ofFamily = targets.filter((target) => family === "dual" || isIPv6(target.address) === (family === "udp6"));
  const chosen = ofFamily.filter((target) => isChosen(target, address));
  if (chosen.length === 0 && isIP(address) > 0) {
    return [{ address, isLocal: isLoopback(address), interface: "" }];
  }
  return chosen.sort((a, b) => Number(a.isLocal) - Number(b.isLocal));
}

/** Whether only programs on this machine can send to a listener. */
export function isLocalOnly(listening: Listening): boolean {
  const targets = listenTargets(listening);
  return targets.length > 0 && targets.every(({ isLocal }) => isLocal);
}

/** Where a datagram from this machine itself is sure to arrive, if it can. */
export function ownTarget(listening: Listening): string {
  const targets = listenTargets(listening);
  const local = targets.find(({ isLocal }) => isLocal) ?? targets[0];
  return local?.address ?? (listening.family === "udp6" ? "::1" : "127.0.0.1");
}

function isChosen(target: ListenTarget, address: string): boolean {
  return (
    address === "" || address === "0.0.0.0" || address === "::" || [target.address, target.interface].includes(address)
  );
}

/** A sender would have to name the interface with it. */
function isLinkLocal(address: string): boolean {
  return address.startsWith("fe80:");
}
