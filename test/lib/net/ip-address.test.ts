import assert from "node:assert/strict";
import { isIP } from "node:net";
import fc from "fast-check";
import { addressBlock, canonicalAddress, isLoopback, plainAddress } from "../../../nodes/lib/net/ip-address";
import { fastest } from "../../support/fastest";

describe("IP address", () => {
  it("writes the operating system's addresses plainly", () => {
    assert.equal(plainAddress("192.0.2.1", "drop"), "192.0.2.1");
    assert.equal(plainAddress("::ffff:192.0.2.1", "drop"), "192.0.2.1");
    assert.equal(plainAddress("fe80::1%eth0", "drop"), "fe80::1");
    assert.equal(plainAddress("fe80::1%eth0", "keep"), "fe80::1%eth0");
    assert.equal(plainAddress("::ffff:192.0.2.1", "keep"), "192.0.2.1");
    assert.equal(plainAddress("2001:db8::1", "drop"), "2001:db8::1");
    assert.equal(plainAddress("", "drop"), "");
  });

  it("knows the loopback addresses", () => {
    for (const address of ["127.0.0.1", "127.8.9.10", "::1"]) assert.equal(isLoopback(address), true, address);
    for (const address of ["128.0.0.1", "::2", "10.127.0.0", "", "fe80::1"]) {
      assert.equal(isLoopback(address), false, address);
    }
  });

  it("tells what one subscriber of the internet has: an IPv4 address, or an IPv6 /64", () => {
    assert.equal(addressBlock("192.0.2.1"), "192.0.2.1");
    assert.equal(addressBlock("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    assert.equal(addressBlock("2001:db8::6"), "2001:db8:0:0::/64");
    assert.equal(addressBlock("2001:db8:1:2::"), "2001:db8:1:2::/64");
    assert.equal(addressBlock("::1"), "0:0:0:0::/64");
    assert.equal(addressBlock("1::5:6:7:8:9:a"), "1:0:5:6::/64");
    assert.equal(addressBlock(""), "");
  });

  const canonical: readonly [written: string, address: string | undefined][] = [
    ["10.0.0.1", "10.0.0.1"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["::FFFF:10.0.0.1", "10.0.0.1"],
    ["::ffff:a00:1", "10.0.0.1"],
    ["0:0:0:0:0:ffff:ffff:ffff", "255.255.255.255"],
    ["fe80::1%eth0.5", "fe80::1"],
    ["::", "::"],
    ["010.0.0.1", undefined],
    ["10.1", undefined],
    ["0x0a.0.0.1", undefined],
    ["10.0.0.256", undefined],
    ["10.0.0.1%eth0", undefined],
    ["10.0.0.1\n", undefined],
    [" 10.0.0.1", undefined],
    ["[::1]", undefined],
    ["::1]:80", undefined],
    ["1:2:3", undefined],
    ["::1::", undefined],
    ["12345::", undefined],
    ["example.com", undefined],
    ["unknown", undefined],
    ["", undefined],
  ];
  for (const [written, address] of canonical) {
    it(`reads ${JSON.stringify(written)} as ${address ?? "no address"}`, () => {
      assert.equal(canonicalAddress(written), address);
    });
  }

  it("agrees with the operating system on what is an address", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[\da-f:.]{0,20}$/)), (text) => {
        const canonicalText = canonicalAddress(text);
        assert.equal(canonicalText !== undefined, isIP(text) !== 0, text);
        if (canonicalText !== undefined) assert.equal(canonicalAddress(canonicalText), canonicalText);
      }),
    );
  });

  it("gives up on a long text at once", () => {
    const text = `::${"%a".repeat(50_000)}!`;
    assert.equal(canonicalAddress(text), undefined);
    const ratio = fastest(() => canonicalAddress(text)) / fastest(() => encodeURIComponent(text));
    assert.ok(ratio < 10, `it takes ${ratio} times as long as to encode it`);
  });
});
