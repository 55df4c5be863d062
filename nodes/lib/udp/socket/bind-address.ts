import { isIP } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";
import type { Family } from "./families";
import { SocketFailure } from "./socket-failure";

/** `os.networkInterfaces`, or a fake. */
export type NetworkInterfaces = () => NodeJS.Dict<NetworkInterfaceInfo[]>;

/** What a user chose to listen on. Nodes with the same endpoint share a socket. */
export interface Endpoint {
  /** An IP address, the name of an interface, or empty for all. */
  readonly address: string;
  readonly port: number;
  readonly family: Family;
}

/** As the kernel takes it. */
export interface ResolvedEndpoint {
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

export function describeEndpoint({ address, port }: Endpoint): string {
  return address === "" ? `port ${port}` : `port ${port} on ${address}`;
}

/**
 * Looks up what the name of an interface stands for at this moment.
 * @throws {SocketFailure} for an unknown interface or an address of the wrong family
 */
export function resolveEndpoint(endpoint: Endpoint, networkInterfaces: NetworkInterfaces): ResolvedEndpoint {
  const { address, family } = endpoint;
  if (address === "") return { bindAddress: undefined, multicastInterface: { ipv4: undefined, ipv6: undefined } };

  const version = isIP(address);
  const all = networkInterfaces();
  if (version === 0) return resolveInterface(endpoint, all);
  if (version === 6 && family === "udp4") {
    throw new SocketFailure(`address ${address} is IPv6, which family udp4 cannot bind`, "address is IPv6", "EINVAL");
  }
  const name = interfaceOf(address, all);
  const ipv6 = name === undefined ? undefined : `::%${name}`;
  if (version === 6) return { bindAddress: address, multicastInterface: { ipv4: ipv4Of(all[name ?? ""]), ipv6 } };
  const bindAddress = family === "udp4" ? address : `::ffff:${address}`;
  return { bindAddress, multicastInterface: { ipv4: address, ipv6 } };
}

function resolveInterface({ address: name, family }: Endpoint, all: NodeJS.Dict<NetworkInterfaceInfo[]>) {
  const addresses = Object.hasOwn(all, name) ? (all[name] ?? []) : [];
  if (addresses.length === 0) {
    const known = Object.keys(all).join(", ") || "none";
    throw new SocketFailure(
      `address ${JSON.stringify(name)} is neither an IP address nor an interface of this machine, which has: ${known}`,
      "unknown interface",
      "ENODEV",
    );
  }
  const wanted = family === "udp4" ? "IPv4" : "IPv6";
  const candidates = addresses.filter((info) => info.family === wanted);
  const chosen = candidates.find((info) => !isLinkLocal(info)) ?? candidates[0];
  if (chosen === undefined) {
    throw new SocketFailure(
      `interface ${name} has no ${wanted} address, which family ${family} needs`,
      `no ${wanted}`,
      "EADDRNOTAVAIL",
    );
  }
  return {
    bindAddress: isLinkLocal(chosen) && wanted === "IPv6" ? `${chosen.address}%${name}` : chosen.address,
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
