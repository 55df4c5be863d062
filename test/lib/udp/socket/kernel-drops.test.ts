import assert from "node:assert/strict";
import { type BoundAddress, KernelDrops } from "../../../../nodes/lib/udp/socket/kernel-drops";
import { FakeClock } from "../../../support/fake-clock";

const HEADER =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer";

/** A line of the table, as a machine with the byte order of this one writes it. */
function row(local: string, port: string, inode: number, drops: number): string {
  return `14286: ${local}:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 ${inode} 2 0000000048385689 ${drops}        `;
}

/** Words of 32 bits in the byte order of this machine, from bytes in that of the network. */
function words(bytes: string): string {
  return Array.from(new Uint32Array(Uint8Array.from(Buffer.from(bytes, "hex")).buffer), (word) =>
    word.toString(16).toUpperCase().padStart(8, "0"),
  ).join("");
}

const LOOPBACK = words("7f000001");
const ANY = words("00000000");

describe("kernel drops", () => {
  const tables = { udp: [] as string[], udp6: [] as string[] };
  let own: Set<string>;
  let reads: number;
  let clock: FakeClock;

  beforeEach(() => {
    Object.assign(tables, { udp: [], udp6: [] });
    own = new Set();
    reads = 0;
    clock = new FakeClock();
  });

  function meter(bound: Partial<BoundAddress>): KernelDrops {
    const read = (table: "udp" | "udp6") => {
      reads++;
      return [HEADER, ...tables[table], ""].join("\n");
    };
    const environment = { tables: { read, ownInodes: () => own }, clock };
    return new KernelDrops({ address: "0.0.0.0", family: "IPv4", port: 41256, ...bound }, environment);
  }

  it("finds a socket by its address and port", () => {
    tables.udp = [row(ANY, "A127", 1, 10), row(LOOPBACK, "A128", 2, 20), row(ANY, "A128", 3, 30)];
    assert.equal(meter({}).count(), 30);
    assert.equal(meter({ address: "127.0.0.1" }).count(), 20);
    assert.equal(meter({ port: 41255 }).count(), 10);
  });

  it("finds IPv6 sockets, with zones and with mapped IPv4 addresses", () => {
    tables.udp6 = [
      row(words("0".repeat(32)), "A128", 1, 1),
      row(words("fe800000000000000000000000000007"), "A128", 2, 2),
      row(words("00000000000000000000ffff7f000001"), "A128", 3, 3),
    ];
    assert.equal(meter({ family: "IPv6", address: "::" }).count(), 1);
    assert.equal(meter({ family: "IPv6", address: "fe80::7%eth0" }).count(), 2);
    assert.equal(meter({ family: "IPv6", address: "::ffff:127.0.0.1" }).count(), 3);
  });

  it("tells the sockets of this process from those that others have bound alike", () => {
    tables.udp = [row(ANY, "A128", 1, 10), row(ANY, "A128", 2, 20)];
    assert.equal(meter({}).count(), undefined);
    own.add("2");
    assert.equal(meter({}).count(), 20);
  });

  it("are not known where there is no such table or no such socket", () => {
    assert.equal(meter({}).count(), undefined);
    const bound = { address: "0.0.0.0", family: "IPv4", port: 1 };
    const tables = { read: () => undefined, ownInodes: () => own };
    assert.equal(new KernelDrops(bound, { tables, clock }).count(), undefined);
  });

  it("are read at most once a second, unless they must be exact", () => {
    tables.udp = [row(ANY, "A128", 1, 10)];
    const drops = meter({});
    for (let i = 0; i < 10; i++) assert.equal(drops.count(), 10);
    assert.equal(reads, 1);
    tables.udp = [row(ANY, "A128", 1, 11)];
    assert.equal(drops.count(0), 11);
    tables.udp = [row(ANY, "A128", 1, 12)];
    assert.equal(drops.count(), 11);
    clock.advance(1000);
    assert.equal(drops.count(), 12);
  });
});
