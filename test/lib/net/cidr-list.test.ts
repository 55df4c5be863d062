import assert from "node:assert/strict";
import fc from "fast-check";
import { cidrError } from "../../../nodes/lib/net/cidr-block";
import { CidrList } from "../../../nodes/lib/net/cidr-list";
import { inEnglish } from "../../../nodes/lib/text/sentence";

describe("CIDR list", () => {
  const cases: readonly [block: string, inside: string[], outside: string[]][] = [
    ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"], ["9.255.255.255", "11.0.0.0", "::a00:1"]],
    ["10.1.2.3/8", ["10.9.9.9"], ["11.0.0.0"]],
    ["192.0.2.7", ["192.0.2.7", "::ffff:192.0.2.7"], ["192.0.2.6", "192.0.2.8"]],
    ["0.0.0.0/0", ["1.2.3.4", "255.255.255.255"], ["::1", "::"]],
    ["::/0", ["::1", "2001:db8::1"], ["1.2.3.4", "::ffff:1.2.3.4"]],
    ["fd00::/8", ["fd12:3456::1", "fd12::1%eth0"], ["fc00::1", "10.0.0.1"]],
    ["2001:db8::/33", ["2001:db8:7fff::1"], ["2001:db8:8000::1"]],
    ["fe80::1%eth0", ["fe80::1", "fe80::1%wlan0"], ["fe80::2"]],
    ["FE80::/10", ["fe80::1", "febf::1"], ["fec0::1"]],
    ["::ffff:10.0.0.0/104", ["10.1.1.1"], ["11.1.1.1", "::1"]],
    ["::ffff:10.0.0.1", ["10.0.0.1"], ["10.0.0.2"]],
  ];
  for (const [block, inside, outside] of cases) {
    it(`tells what ${block} includes`, () => {
      assert.equal(cidrError(block), undefined);
      const list = new CidrList([block]);
      // Twice, since the second verdict is remembered.
      for (const address of [...inside, ...inside]) assert.equal(list.includes(address), true, address);
      for (const address of [...outside, ...outside]) assert.equal(list.includes(address), false, address);
    });
  }

  const wrong: readonly [text: string, accepted: RegExp][] = [
    ["10.0.0.0/33", /IPv4 block that ends in \/0 to \/32/],
    ["10.0.0.0/", /IPv4 block/],
    ["10.0.0.0/-1", /IPv4 block/],
    ["10.0.0.0/255.0.0.0", /IPv4 block/],
    ["fd00::/129", /IPv6 block that ends in \/0 to \/128/],
    ["::ffff:10.0.0.0/95", /IPv6 block/],
    ["10.0.0.0/8/8", /IPv4 block/],
    ["10.0.0", /an IP address or a block such as/],
    ["010.0.0.1", /an IP address/],
    ["localhost", /an IP address/],
    ["*", /an IP address/],
    ["", /an IP address/],
  ];
  for (const [text, accepted] of wrong) {
    it(`refuses ${JSON.stringify(text)} with a sentence`, () => {
      const error = cidrError(text);
      assert.match(error === undefined ? "" : inEnglish(error), accepted);
      assert.throws(() => new CidrList([text]), RangeError);
    });
  }

  it("includes nothing when it is empty, and no text that is not an address", () => {
    assert.equal(new CidrList([]).includes("127.0.0.1"), false);
    const all = new CidrList(["0.0.0.0/0", "::/0"]);
    for (const text of ["", "localhost", "1.2.3.4.5", "__proto__", "::%"])
      assert.equal(all.includes(text), text === "::%");
  });

  it("keeps giving the right verdict to more addresses than it remembers", () => {
    const list = new CidrList(["10.0.0.0/9", "192.0.2.1"]);
    for (let n = 0; n < 20_000; n++) {
      const address = `10.${n & 0xff}.${n >> 8}.1`;
      assert.equal(list.includes(address), (n & 0xff) < 128, address);
      if (n % 100 === 0) assert.equal(list.includes("192.0.2.1"), true);
    }
  });

  it("agrees with comparing bits", () => {
    const block = fc.tuple(fc.nat(0xffff_ffff), fc.nat(32));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), fc.nat(0xffff_ffff), fc.nat(32), (blocks, random, near) => {
        // Half of the addresses share leading bits with a block.
        const [first] = blocks;
        const address = first === undefined ? random : (first[0] ^ (near === 0 ? 0 : random >>> near)) >>> 0;
        const expected = blocks.some(([base, prefix]) => prefix === 0 || (base ^ address) >>> (32 - prefix) === 0);
        const list = new CidrList(blocks.map(([base, prefix]) => `${dotted(base)}/${prefix}`));
        assert.equal(list.includes(dotted(address)), expected);
      }),
    );
  });
});

function dotted(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join(".");
}
