import type { SocketOptions } from "node:dgram";
import { EventEmitter, once } from "node:events";
import type { DatagramSocket, SocketEnvironment } from "../../nodes/lib/udp/socket/socket-environment";
import { FakeClock } from "./fake-clock";

/** A socket that binds, fails and closes when the test says so. */
export class FakeSocket extends EventEmitter implements DatagramSocket {
  bindRequest: { port: number; address?: string; exclusive: boolean } | undefined;
  readonly memberships: string[] = [];
  /** Groups that cannot be joined. */
  readonly refused = new Set<string>();
  closing = false;
  #bufferBytes = 212_992;

  constructor(readonly options: SocketOptions) {
    super();
  }

  bind(options: { port: number; address?: string; exclusive: boolean }): void {
    this.bindRequest = options;
  }

  address() {
    const { address, port = 0 } = this.bindRequest ?? {};
    return { address: address ?? "0.0.0.0", family: this.options.type === "udp4" ? "IPv4" : "IPv6", port };
  }

  close(): void {
    this.closing = true;
  }

  setRecvBufferSize(bytes: number): void {
    if (bytes > 1_000_000) throw new Error("too large");
    this.#bufferBytes = bytes * (process.platform === "linux" ? 2 : 1);
  }

  getRecvBufferSize(): number {
    return this.#bufferBytes;
  }

  addMembership(group: string, multicastInterface?: string): void {
    const membership = `${group}@${multicastInterface}`;
    if (this.refused.has(group) || this.memberships.includes(membership)) throw new Error("EINVAL");
    this.memberships.push(membership);
  }

  dropMembership(group: string, multicastInterface?: string): void {
    const index = this.memberships.indexOf(`${group}@${multicastInterface}`);
    if (index === -1) throw new Error("EADDRNOTAVAIL");
    this.memberships.splice(index, 1);
  }

  addSourceSpecificMembership(source: string, group: string, multicastInterface?: string): void {
    this.addMembership(`${source}>${group}`, multicastInterface);
  }

  dropSourceSpecificMembership(source: string, group: string, multicastInterface?: string): void {
    this.dropMembership(`${source}>${group}`, multicastInterface);
  }

  fail(code: string): void {
    this.emit("error", Object.assign(new Error(code), { code }));
  }
}

/** A machine whose sockets a test drives, with one interface, `eth0`. */
export class FakeMachine implements SocketEnvironment {
  readonly clock = new FakeClock();
  readonly sockets: FakeSocket[] = [];
  readonly bindsGroups: boolean = true;
  /** The kernel's table of IPv4 sockets. */
  table = "";
  readonly tables = {
    read: (table: string) => (table === "udp" && this.table !== "" ? this.table : undefined),
    ownInodes: () => new Set<string>(),
  };
  readonly #opened = new EventEmitter();
  interfaces: ReturnType<SocketEnvironment["networkInterfaces"]> = {
    eth0: [ipv4("192.0.2.7"), ipv6("fe80::7"), ipv6("2001:db8::7")],
  };

  readonly networkInterfaces = () => this.interfaces;

  readonly open = (options: SocketOptions): FakeSocket => {
    const socket = new FakeSocket(options);
    this.sockets.push(socket);
    this.#opened.emit("socket", socket);
    return socket;
  };

  async nextSocket(): Promise<FakeSocket> {
    const [socket] = await once(this.#opened, "socket");
    return socket as FakeSocket;
  }
}

const NO_MAC = "00:00:00:00:00:00";

function ipv4(address: string) {
  return { address, family: "IPv4" as const, netmask: "255.255.255.0", mac: NO_MAC, internal: false, cidr: null };
}

function ipv6(address: string) {
  return { address, family: "IPv6" as const, netmask: "ffff::", mac: NO_MAC, internal: false, cidr: null, scopeid: 2 };
}
