import { canonicalAddress } from "../../net/ip-address";
import type { Clock } from "../../time/clock";
import type { SocketTables } from "./socket-tables";

const INTERVAL_MS = 1000;

/** What a socket is bound to, as `dgram.Socket.address` gives it. */
export interface BoundAddress {
  readonly address: string;
  readonly family: string;
  readonly port: number;
}

/**
 * Counts the datagrams that the kernel dropped before this process could read them, nearly always because the receive
 * buffer was full. Reading the table of all sockets takes some 50 µs, so it happens once a second at most, and only when
 * somebody asks.
 *
 * A socket is found by its address and port. Where other programs share those, as they may for multicast, the sockets of
 * this process are told from theirs by inode.
 */
export class KernelDrops {
  #drops: number | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  readonly #bound: BoundAddress;
  readonly #tables: SocketTables;
  readonly #clock: Clock;

  constructor(bound: BoundAddress, { tables, clock }: { readonly tables: SocketTables; readonly clock: Clock }) {
    this.#bound = bound;
    this.#tables = tables;
    this.#clock = clock;
  }

  /**
   * @param maxAgeMs how old the answer may be
   * @returns datagrams since the socket was bound; `undefined`: not known
   */
  count(maxAgeMs = INTERVAL_MS): number | undefined {
    const now = this.#clock.now();
    if (now - this.#readAt >= maxAgeMs) {
      this.#readAt = now;
      this.#drops = this.#read() ?? this.#drops;
    }
    return this.#drops;
  }

  #read(): number | undefined {
    const table = this.#tables.read(this.#bound.family === "IPv6" ? "udp6" : "udp");
    const rows = table === undefined ? [] : rowsOf(table, this.#bound);
    if (rows.length <= 1) return rows[0]?.drops;
    const own = this.#tables.ownInodes();
    const ours = rows.filter(({ inode }) => own.has(inode));
    return ours.length === 0 ? undefined : ours.reduce((sum, { drops }) => sum + drops, 0);
  }
}

interface Row {
  readonly inode: string;
  readonly drops: number;
}

function rowsOf(table: string, { address, port }: BoundAddress): Row[] {
  const wanted = canonicalAddress(address);
  const portText = `:${port.toString(16).toUpperCase().padStart(4, "0")} `;
  const rows: Row[] = [];
  for (const line of table.split("\n")) {
    if (!line.includes(portText)) continue;
    const [, local = "", , , , , , , , inode = "", , , drops] = line.trim().split(/\s+/);
    if (`${local} `.endsWith(portText) && addressOf(local) === wanted) rows.push({ inode, drops: Number(drops) });
  }
  return rows;
}

/** @param local such as `0100007F:A128`: words of 32 bits in the byte order of the machine, and the port */
function addressOf(local: string): string | undefined {
  const words = local.slice(0, local.indexOf(":")).match(/.{8}/g) ?? [];
  const bytes = Buffer.from(Uint32Array.from(words, (word) => Number.parseInt(word, 16)).buffer);
  if (words.length === 1) return bytes.join(".");
  return canonicalAddress(bytes.toString("hex").match(/.{4}/g)?.join(":") ?? "");
}
