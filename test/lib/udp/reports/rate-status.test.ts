import assert from "node:assert/strict";
import type { StatusLine } from "../../../../nodes/lib/node/status-line";
import { inEnglish, sentence } from "../../../../nodes/lib/text/sentence";
import { briefTime } from "../../../../nodes/lib/time/brief-time";
import { RateStatus } from "../../../../nodes/lib/udp/reports/rate-status";
import { REJECT_REASONS, type RejectReason } from "../../../../nodes/lib/udp/reports/rejection";
import { FakeClock } from "../../../support/fake-clock";

const PLACE = sentence("udp.status-listening", { port: 41234 });

describe("rate status", () => {
  let clock: FakeClock;
  let shown: StatusLine[];
  let status: RateStatus;

  beforeEach(() => {
    clock = new FakeClock();
    shown = [];
    status = new RateStatus((next) => shown.push(next), clock);
  });

  const texts = () => shown.map(({ fill, shape, text }) => `${fill} ${shape} ${inEnglish(text)}`);

  it("shows the port, then at most once a second the rate and the last sender", () => {
    status.listening(PLACE);
    for (let i = 0; i < 42; i++) status.datagram("192.168.1.7");
    assert.deepEqual(texts(), ["green ring port 41234"]);
    clock.advance(1000);
    for (let i = 0; i < 42; i++) status.datagram("192.168.1.7");
    clock.advance(1000);
    assert.deepEqual(texts(), ["green ring port 41234", "green dot 42/s 192.168.1.7"]);
  });

  it("shows a silence, since when once it has lasted, its date once that was a day ago, and then runs no timer", () => {
    status.datagram("192.168.1.7");
    clock.advance(1000);
    const at = clock.wallTime();
    clock.advance(1000);
    assert.deepEqual(texts(), ["green dot 1/s 192.168.1.7", "green ring 0/s 192.168.1.7"]);
    clock.advance(60_000);
    assert.equal(texts().at(-1), `grey ring silent since ${briefTime(at, at)}`);
    clock.advance(86_400_000);
    assert.equal(texts().at(-1), `grey ring silent since ${briefTime(at, at + 86_400_000)}`);
    assert.equal(clock.pending, 0);
    status.datagram("192.168.1.7");
    clock.advance(1000);
    assert.equal(texts().at(-1), "green dot 1/s 192.168.1.7");
  });

  it("looks at a silence no more often when the wall clock is set back by years", () => {
    status.datagram("192.168.1.7");
    clock.advance(1000);
    clock.setByMs = -20 * 365 * 86_400_000;
    clock.advance(61_000);
    assert.equal(clock.pending, 1);
    assert.ok((clock.nextAt ?? 0) - clock.now() <= 86_400_000, `in ${(clock.nextAt ?? 0) - clock.now()} ms`);
  });

  it("says since when it has listened in vain", () => {
    const at = clock.wallTime();
    status.listening(PLACE);
    clock.advance(10_000);
    assert.deepEqual(texts(), ["green ring port 41234", `grey ring nothing since ${briefTime(at, at)}`]);
    status.stop();
    assert.equal(clock.pending, 0);
  });

  it("says where it listens in other words as long as there is nothing else to say", () => {
    const joined = sentence("udp.status-joined-on", { group: "239.1.2.3", interface: "eth0" });
    status.listening(PLACE);
    status.placed(joined);
    assert.equal(texts().at(-1), "green ring 239.1.2.3 eth0");
    status.datagram("192.168.1.7");
    clock.advance(1000);
    status.placed(PLACE);
    assert.equal(texts().at(-1), "green dot 1/s 192.168.1.7");
  });

  function accept(): void {
    status.datagram("192.168.1.7");
    status.accepted();
  }

  function reject(reason: RejectReason): void {
    status.datagram("192.168.1.7");
    status.rejected(reason);
  }

  it("is yellow while datagrams are rejected", () => {
    accept();
    reject("decode");
    clock.advance(1000);
    accept();
    clock.advance(1000);
    assert.deepEqual(texts(), ["yellow dot 2/s 192.168.1.7", "green dot 1/s 192.168.1.7"]);
  });

  it("stays yellow with the reason as long as all are rejected, whatever time passes", () => {
    reject("sender");
    clock.advance(1000);
    assert.deepEqual(texts(), ["yellow dot rejected: sender"]);
    clock.advance(60_000);
    reject("decode");
    clock.advance(1000);
    assert.deepEqual(texts().slice(1), ["yellow ring rejected: sender", "yellow dot rejected: format"]);
    accept();
    clock.advance(1000);
    assert.equal(texts().at(-1), "green dot 1/s 192.168.1.7");
    clock.advance(30_000);
    assert.equal(texts().at(-1), "green ring 0/s 192.168.1.7");
  });

  it("has words for every reason that fit below a node", () => {
    for (const reason of REJECT_REASONS) {
      reject(reason);
      clock.advance(1000);
      assert.ok((texts().at(-1)?.length ?? 99) <= "yellow dot ".length + 20, texts().at(-1));
    }
  });

  it("keeps the end of an address that does not fit into 20 characters", () => {
    for (let i = 0; i < 12_345; i++) status.datagram("2001:db8::1234:5678:9abc");
    clock.advance(1000);
    assert.deepEqual(texts(), ["green dot 12k/s …234:5678:9abc"]);
    assert.equal(texts()[0]?.length, "green dot ".length + 20);
  });

  it("stays red until the failure is over, whatever arrives", () => {
    status.failed(sentence("socket.status-in-use"));
    status.datagram("192.168.1.7");
    clock.advance(1000);
    assert.deepEqual(texts(), ["red dot port in use"]);
    status.listening(PLACE);
    assert.equal(shown.at(-1)?.fill, "green");
  });

  it("runs no timer once stopped", () => {
    status.datagram("192.168.1.7");
    status.stop();
    assert.equal(clock.pending, 0);
    assert.deepEqual(shown, []);
  });
});
