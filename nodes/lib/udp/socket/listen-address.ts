import { isIP } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";
import { quote } from "../../text/quote";
import { type Sentence, sentence } from "../../text/sentence";
import type { Family } from "./families";
import { SocketFailure } from "./socket-failure";

/** `os.networkInterfaces`, or a fake. */
export type NetworkInterfaces = () => NodeJS.Dict<NetworkInterfaceInfo[]>;

/** Where a user chose to listen. Nodes that listen at the same place share a socket. */
export interface ListenAddress {
  /** An IP address, the name of an interface, or empty for all. */
  readonly address: string;
  readonly port: number;
  readonly family: Family;
}

/** As the kernel takes it. */
export interface ResolvedAddress {
  /** `undefined`: all addresses. */
  readonly bindAddress: string | undefined;
  readonly multicastInterface: MulticastInterface;
}

/** Where groups are joined, in the form that each family wants; `undefined`: the system's choice. */
export interface MulticastInterface {
  /** An address of the interface. */
  readonly ipv4: string | undefined;
  /** The zone, as in `::%eth0`. */
  readonly ipv6: string | undefined;
}

export function describeListenAddress({ address, port }: ListenAddress): Sentence {
  return address === "" ? sentence("socket.port", { port }) : sentence("socket.port-on", { port, address });
}

/**
 * Looks up what the name of an interface stands for at this moment.
 * @throws {SocketFailure} for an unknown interface or an address of the wrong family
 */
export function resolveListenAddress(wanted: ListenAddress, networkInterfaces: NetworkInterfaces): ResolvedAddress {
  const { address, family } = wanted;
  if (address === "") return { bindAddress: undefined, multicastInterface: { ipv4: undefined, ipv6: undefined } };

  const version = isIP(address);
  const all = networkInterfaces();
  if (version === 0) return resolveInterface(wanted, all);
  if (version === 6 && family === "udp4") {
    throw new SocketFailure(sentence("socket.ipv6-for-udp4", { address }), {
      brief: sentence("socket.status-ipv6"),
      code: "EINVAL",
    });
  }
  const name = interfaceOf(address, all);
  const ipv6 = name === undefined ? undefined : `::%${name}`;
  if (version === 6) return { bindAddress: address, multicastInterface: { ipv4: ipv4Of(all[name ?? ""]), ipv6 } };
  const bindAddress = family === "udp4" ? address : `::ffff:${address}`;
  return { bindAddress, multicastInterface: { ipv4: address, ipv6 } };
}

function resolveInterface({ address: name, family }: ListenAddress, all: NodeJS.Dict<NetworkInterfaceInfo[]>) {
  const addresses = Object.hasOwn(all, name) ? (all[name] ?? []) : [];
  if (addresses.length === 0) {
    const known = Object.keys(all).join(", ") || sentence("socket.no-interfaces");
    throw new SocketFailure(sentence("socket.unknown-interface", { name: quote(name), known }), {
      brief: sentence("socket.status-unknown-interface"),
      code: "ENODEV",
    });
  }
  const version = family === "udp4" ? "IPv4" : "IPv6";
  const candidates = addresses.filter((info) => info.family === version);
  const chosen = candidates.find((info) => !isLinkLocal(info)) ?? candidates[0];
  if (chosen === undefined) {
    throw new SocketFailure(sentence("socket.interface-without", { name, version, family }), {
      brief: sentence("socket.status-no-version", { version }),
      code: "EADDRNOTAVAIL",
    });
  }
  return {
    bindAddress: isLinkLocal(chosen) && version === "IPv6" ? `${chosen.address}%${name}` : chosen.address,
    multicastInterface: { ipv4: ipv4Of(addresses), ipv6: `::%${name}` },
  };
}

function isLinkLocal(info: NetworkInterfaceInfo): boolean {
  return info.address.startsWith("fe80:");
}

function ipv4Of(addresses: readonly NetworkInterfaceInfo[] | undefined): string | undefined {
  return addresses?.find(({ family }) => family === "IPv4")?.address;
}

/** @returns the name of the interface that has the address */
function interfaceOf(address: string, all: NodeJS.Dict<NetworkInterfaceInfo[]>): string | undefined {
  const zone = address.split("%")[1];
  return zone ?? Object.keys(all).find((name) => all[name]?.some((info) => info.address === address));
}
