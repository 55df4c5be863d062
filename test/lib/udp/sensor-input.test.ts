import assert from "node:assert/strict";
import { defaultsOf } from "../../../nodes/lib/config/fields";
import type { StatusLine } from "../../../nodes/lib/node/status-line";
import { inEnglish, type Sentence } from "../../../nodes/lib/text/sentence";
import type { UserError } from "../../../nodes/lib/text/user-error";
import { Handover } from "../../../nodes/lib/udp/handover";
import type { InputPort } from "../../../nodes/lib/udp/input-port";
import type { ReadingMessage, RejectedMessage, TopicChangeMessage } from "../../../nodes/lib/udp/reading-message";
import { type InputEnvironment, SensorInput, type SensorInputConfig } from "../../../nodes/lib/udp/sensor-input";
import { SocketPool } from "../../../nodes/lib/udp/socket/socket-pool";
import { fields } from "../../../nodes/udp-sensor-in.config";
import { FakeMachine, type FakeSocket } from "../../support/fake-socket";

const REMOTE = { address: "192.0.2.1", family: "IPv4" as const, port: 9, size: 0 };

class RecordingPort implements InputPort {
  readonly readings: ReadingMessage[] = [];
  readonly notices: (RejectedMessage | TopicChangeMessage)[] = [];
  readonly statuses: string[] = [];
  readonly warnings: string[] = [];
  readonly errors: string[] = [];

  reading(message: ReadingMessage): void {
    this.readings.push(message);
  }

  notice(message: RejectedMessage | TopicChangeMessage): void {
    this.notices.push(message);
  }

  status({ fill, text }: StatusLine): void {
    this.statuses.push(`${fill} ${inEnglish(text)}`);
  }

  warn(line: Sentence): void {
    this.warnings.push(inEnglish(line));
  }

  error({ message }: UserError): void {
    this.errors.push(message);
  }

  readonly say = inEnglish;
}

describe("sensor input", () => {
  let machine: FakeMachine;
  let port: RecordingPort;

  beforeEach(() => {
    machine = new FakeMachine();
    port = new RecordingPort();
  });

  async function started(
    changes: Partial<SensorInputConfig> = {},
    shared: Partial<InputEnvironment> = {},
  ): Promise<{ input: SensorInput; socket: FakeSocket }> {
    const opened = machine.nextSocket();
    const config = { ...defaultsOf(fields), receiveBuffer: 65_536, ...changes };
    const input = new SensorInput(config, port, { pool: new SocketPool(machine), clock: machine.clock, ...shared });
    const socket = await opened;
    socket.emit("listening");
    return { input, socket };
  }

  const receive = (socket: FakeSocket, ...datagrams: string[]) => {
    for (const datagram of datagrams) socket.emit("message", Buffer.from(datagram), REMOTE);
  };

  /** As the kernel lists the socket, with so many drops. */
  const dropped = (drops: number) => {
    machine.table = `1: 00000000:A112 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 7 2 0000 ${drops}\n`;
  };

  it("accounts for what it received, rejected and never got", async () => {
    const { input, socket } = await started({ format: "json" });
    assert.equal(input.stats().kernelDrops, null);
    dropped(3);
    machine.clock.advance(1000);
    receive(socket, "1", "x");
    assert.deepEqual(input.stats(), {
      received: 2,
      emitted: 1,
      conflated: 0,
      pending: 0,
      rejected: { size: 0, sender: 0, rate: 0, decode: 1, depth: 0, overload: 0 },
      kernelDrops: 3,
      threadDrops: 0,
      receiveBuffer: { asked: 65_536, granted: 65_536 },
    });
  });

  it("is red while the kernel drops datagrams, and for a while after", async () => {
    const { socket } = await started();
    receive(socket, "1");
    dropped(1234);
    machine.clock.advance(1000);
    assert.equal(port.statuses.at(-1), "red dropped 1234");
    dropped(1235);
    machine.clock.advance(9000);
    assert.equal(port.statuses.at(-1), "red dropped 1235");
    machine.clock.advance(2000);
    assert.equal(port.statuses.at(-1), "green 0/s 192.0.2.1");
    machine.clock.advance(10_000);
    assert.equal(port.statuses.length, 4);
  });

  it("warns once of a receive buffer that the system makes smaller", async function () {
    if (process.platform !== "linux") this.skip();
    const { socket } = await started({ receiveBuffer: 2_000_000 });
    assert.match(port.warnings[0] ?? "", /sudo sysctl -w net\.core\.rmem_max=2000000$/);
    socket.fail("EIO");
    machine.clock.advance(250);
    machine.sockets[1]?.emit("listening");
    assert.equal(port.warnings.length, 1);
  });

  it("tells of topics that fall silent and return", async () => {
    const { socket } = await started({ offlineAfter: 5 });
    receive(socket, '{"sensor":"a"}');
    machine.clock.advance(5000);
    receive(socket, '{"sensor":"a"}');
    assert.deepEqual(
      port.notices.map(({ topic, payload }) => [topic, "state" in payload && payload.state]),
      [
        ["a", "offline"],
        ["a", "online"],
      ],
    );
  });

  it("survives an output that throws when a timer sends to it", async () => {
    const { socket } = await started({ offlineAfter: 5 });
    port.notice = () => {
      throw new RangeError("no");
    };
    receive(socket, '{"sensor":"a"}');
    machine.clock.advance(5000);
    assert.deepEqual(port.errors, ["a message could not be sent: RangeError: no"]);
  });

  it("leaves what waits to the one that is started next, ahead of what its socket receives, each counted once", async () => {
    const handover = new Handover({ clock: machine.clock });
    const first = await started({}, { handover });
    port.reading = (message) => {
      machine.clock.elapse(10);
      port.readings.push(message);
    };
    receive(first.socket, "1", "2", "3");
    const stopped = first.input.stop();
    first.socket.emit("close");
    await stopped;
    const second = await started({}, { handover });
    receive(second.socket, "4");
    assert.equal(second.input.stats().pending, 3 - (port.readings.length - 1));
    while (second.input.stats().pending > 0) machine.clock.runNext();
    assert.deepEqual(
      port.readings.map(({ payload }) => payload),
      [1, 2, 3, 4],
    );
    assert.deepEqual([first.input.stats().received, second.input.stats().received], [1, 3]);
    machine.clock.advance(1000);
    assert.match(port.statuses.at(-1) ?? "", /^green \d+\/s 192\.0\.2\.1$/);
  });

  it("leaves nothing behind once stopped", async () => {
    const { input, socket } = await started({ offlineAfter: 5, groups: ["239.1.1.1"] });
    receive(socket, "1");
    const stopped = input.stop();
    socket.emit("close");
    await stopped;
    assert.equal(machine.clock.pending, 0);
  });
});
