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
  /** On which groups are joined; `undefined`: the system's choice. */
  readonly multicastInterface: string | undefined;
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
  if (address === "") return { bindAddress: undefined, multicastInterface: undefined };

  const version = isIP(address);
  if (version === 0) return resolveInterface(endpoint, networkInterfaces());
  if (version === 6 && family === "udp4") {
    throw new SocketFailure(`address ${address} is IPv6, which family udp4 cannot bind`, "address is IPv6", "EINVAL");
  }
  if (version === 4 && family !== "udp4") return { bindAddress: `::ffff:${address}`, multicastInterface: address };
  return {
    bindAddress: address,
    multicastInterface: version === 4 ? address : scopeOf(address, networkInterfaces()),
  };
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
    multicastInterface: wanted === "IPv4" ? chosen.address : `::%${name}`,
  };
}

function isLinkLocal(info: NetworkInterfaceInfo): boolean {
  return info.address.startsWith("fe80:");
}

/** IPv6 groups are joined on a zone, not on an address. */
function scopeOf(address: string, all: NodeJS.Dict<NetworkInterfaceInfo[]>): string | undefined {
  const zone = address.split("%")[1];
  if (zone !== undefined) return `::%${zone}`;
  const name = Object.keys(all).find((candidate) => all[candidate]?.some((info) => info.address === address));
  return name === undefined ? undefined : `::%${name}`;
}
