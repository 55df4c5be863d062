import assert from "node:assert/strict";
import fc from "fast-check";
import { CidrList } from "../../../../nodes/lib/net/cidr-list";
import { clientAddress } from "../../../../nodes/lib/ws/admission/forwarded";

describe("forwarded client address", () => {
  const trusted = new CidrList(["10.0.0.0/8", "fd00::/8"]);
  const cases: readonly [what: string, peer: string, header: string | undefined, address: string][] = [
    ["believes nobody it does not trust", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
    ["takes the peer when there is no header", "10.0.0.1", undefined, "10.0.0.1"],
    ["takes what the trusted peer wrote", "10.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["goes on through several trusted proxies", "10.0.0.1", "198.51.100.1, 10.0.0.3,10.0.0.2", "198.51.100.1"],
    ["ignores what the client itself wrote", "10.0.0.1", "127.0.0.1, 10.9.9.9, 198.51.100.1", "198.51.100.1"],
    ["ignores garbage that the client wrote", "10.0.0.1", "<script>, ,, 198.51.100.1, 10.0.0.2", "198.51.100.1"],
    ["takes the first hop when all are trusted", "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
    ["takes the peer when a trusted proxy wrote no address", "10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"],
    ["takes the peer for an empty header", "10.0.0.1", "", "10.0.0.1"],
    ["takes the peer for an empty last entry", "10.0.0.1", "198.51.100.1,", "10.0.0.1"],
    ["takes the peer for an empty first entry", "10.0.0.1", ",10.0.0.2", "10.0.0.1"],
    ["reads a port", "10.0.0.1", "198.51.100.1:4711", "198.51.100.1"],
    ["reads IPv6 in brackets, with a port", "10.0.0.1", "[2001:DB8::1]:4711", "2001:db8::1"],
    ["reads IPv6 bare", "10.0.0.1", "2001:db8::1, fd00::2", "2001:db8::1"],
    ["knows a trusted proxy in any spelling", "::ffff:10.0.0.1", "198.51.100.1, ::ffff:a00:2", "198.51.100.1"],
    ["writes a peer as IPv4", "::ffff:203.0.113.9", undefined, "203.0.113.9"],
    ["does not take a name for an address", "10.0.0.1", "localhost", "10.0.0.1"],
    ["does not take octal for an address", "10.0.0.1", "0177.0.0.1", "10.0.0.1"],
  ];
  for (const [what, peer, header, address] of cases) {
    it(what, () => assert.equal(clientAddress(peer, header, trusted), address));
  }

  it("gives up on an endless chain", () => {
    assert.equal(clientAddress("10.0.0.1", Array(100_000).fill("10.0.0.2").join(), trusted), "10.0.0.1");
    assert.equal(clientAddress("10.0.0.1", `198.51.100.1${",10.0.0.2".repeat(31)}`, trusted), "198.51.100.1");
  });

  it("gives the same address whatever a client puts before what the proxies wrote", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(4), (spoofed, hops) => {
        const header = `${spoofed}, 198.51.100.1${", 10.0.0.2".repeat(hops)}`;
        assert.equal(clientAddress("10.0.0.1", header, trusted), "198.51.100.1");
      }),
    );
  });
});
