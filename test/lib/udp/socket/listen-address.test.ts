import assert from "node:assert/strict";
import { inEnglish } from "../../../../nodes/lib/text/sentence";
import { describeListenAddress, resolveListenAddress } from "../../../../nodes/lib/udp/socket/listen-address";
import { FakeMachine } from "../../../support/fake-socket";

const { networkInterfaces } = new FakeMachine();
const resolve = (address: string, family: "udp4" | "udp6" | "dual") =>
  resolveListenAddress({ address, port: 5000, family }, networkInterfaces);

describe("listen address", () => {
  it("is described by its port, and the address if there is one", () => {
    assert.equal(inEnglish(describeListenAddress({ address: "", port: 5000, family: "udp4" })), "port 5000");
    assert.equal(inEnglish(describeListenAddress({ address: "::1", port: 5000, family: "udp6" })), "port 5000 on ::1");
  });

  it("is all addresses when it is empty", () => assert.equal(resolve("", "udp4").bindAddress, undefined));

  it("is mapped for an IPv6 socket when it is IPv4", () => {
    assert.equal(resolve("192.0.2.7", "dual").bindAddress, "::ffff:192.0.2.7");
  });

  it("joins groups on the interface that has the address, or that a zone names", () => {
    assert.deepEqual(resolve("192.0.2.7", "udp4").multicastInterface, { ipv4: "192.0.2.7", ipv6: "::%eth0" });
    assert.deepEqual(resolve("fe80::7%eth0", "udp6").multicastInterface, { ipv4: "192.0.2.7", ipv6: "::%eth0" });
  });

  it("prefers an address that is valid beyond the link", () => {
    assert.equal(resolve("eth0", "udp6").bindAddress, "2001:db8::7");
  });

  it("is refused for an interface without an address of the family", () => {
    const machine = new FakeMachine();
    machine.interfaces = { lo: (machine.interfaces.eth0 ?? []).filter(({ family }) => family === "IPv6") };
    assert.throws(() => resolveListenAddress({ address: "lo", port: 1, family: "udp4" }, machine.networkInterfaces), {
      name: "SocketFailure",
      code: "EADDRNOTAVAIL",
      message: /interface lo has no IPv4 address/,
    });
  });
});
