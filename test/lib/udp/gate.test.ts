import assert from "node:assert/strict";
import { inEnglish } from "../../../nodes/lib/text/sentence";
import { Gate, type GateConfig } from "../../../nodes/lib/udp/gate";
import { FakeClock } from "../../support/fake-clock";
import { reachableBytes } from "../../support/heap";

const DATAGRAM = Buffer.from("21");
const OPEN: GateConfig = { maxBytes: 65507, allow: [], maxRate: 0 };

describe("gate", () => {
  let clock: FakeClock;

  beforeEach(() => {
    clock = new FakeClock();
  });

  /** @returns why a datagram from that address is refused, if it is */
  function gate(changes: Partial<GateConfig>): (address: string, datagram?: Buffer) => string | undefined {
    const decider = new Gate({ ...OPEN, ...changes }, clock);
    return (address, datagram = DATAGRAM) => decider.refusal(datagram, { address, port: 9 })?.reason;
  }

  it("lets everybody in unless it is told who", () => {
    assert.equal(gate({})("203.0.113.9"), undefined);
  });

  it("refuses a datagram from outside the allow list", () => {
    const refused = gate({ allow: ["192.168.0.0/16", "10.0.0.7", "fd00::/8"] });
    for (const address of ["192.168.3.4", "10.0.0.7", "fd12::1", "fd12::1%eth0"]) {
      assert.equal(refused(address), undefined, address);
    }
    for (const address of ["192.169.0.1", "10.0.0.8", "fe80::1%eth0", "::1"]) {
      assert.equal(refused(address), "sender", address);
    }
  });

  it("lets each sender have its rate, and those of a second at once", () => {
    const refused = gate({ maxRate: 10 });
    const accepted = (address: string, datagrams: number) =>
      Array.from({ length: datagrams }, () => refused(address)).filter((reason) => reason === undefined).length;
    assert.equal(accepted("10.0.0.1", 50), 10);
    assert.equal(refused("10.0.0.1"), "rate");
    assert.equal(accepted("10.0.0.2", 50), 10);
    clock.advance(500);
    assert.equal(accepted("10.0.0.1", 50), 5);
    clock.advance(60_000);
    assert.equal(accepted("10.0.0.1", 50), 10);
  });

  it("counts the readings of a datagram once they are known", () => {
    const decider = new Gate({ ...OPEN, maxRate: 10 }, clock);
    const sender = { address: "10.0.0.1", port: 9 };
    assert.equal(decider.refusal(DATAGRAM, sender), undefined);
    decider.charge(sender, 30);
    clock.advance(1900);
    assert.equal(decider.refusal(DATAGRAM, sender)?.reason, "rate");
    clock.advance(200);
    assert.equal(decider.refusal(DATAGRAM, sender), undefined);
  });

  it("takes nothing of a sender's rate for what it refuses anyway", () => {
    const refused = gate({ maxRate: 1, maxBytes: 3 });
    assert.equal(refused("10.0.0.1", Buffer.alloc(4)), "size");
    assert.equal(refused("10.0.0.1"), undefined);
  });

  it("says what is accepted", () => {
    const [size, sender, rate] = [
      new Gate({ ...OPEN, maxBytes: 1 }, clock),
      new Gate({ ...OPEN, allow: ["10.0.0.0/8"] }, clock),
      new Gate({ ...OPEN, maxRate: 1 }, clock),
    ].map((decider) => {
      const [, second] = [1, 2].map(() => decider.refusal(DATAGRAM, { address: "192.0.2.1", port: 9 }));
      return second && inEnglish(second.error);
    });
    assert.equal(size, "the datagram has 2 bytes, more than the 1 accepted");
    assert.equal(sender, "the sender is not among those allowed");
    assert.equal(rate, "the sender sent more than 1 readings per second");
  });

  it("spends bounded memory on 100 000 spoofed senders, and keeps to the rate of one it knows", () => {
    const refused = gate({ allow: ["0.0.0.0/0"], maxRate: 2 });
    refused("192.0.2.1");
    refused("192.0.2.1");
    const before = reachableBytes();
    for (let n = 0; n < 100_000; n++) refused(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
    assert.equal(refused("192.0.2.1"), "rate");
    const grown = reachableBytes() - before;
    assert.ok(grown < 8_000_000, `${grown} bytes more`);
  });
});
