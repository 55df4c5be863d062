import { inEnglish } from "../../nodes/lib/text/sentence";
import type { Sender } from "../../nodes/lib/udp/socket/sender";
import type { SocketFailure } from "../../nodes/lib/udp/socket/socket-failure";
import type { SocketLease, SocketRequest, SocketSubscriber } from "../../nodes/lib/udp/socket/socket-lease";
import { SocketPool } from "../../nodes/lib/udp/socket/socket-pool";
import { FakeMachine, type FakeSocket } from "./fake-socket";

export const REQUEST: SocketRequest = {
  address: "",
  port: 5000,
  family: "udp4",
  groups: [],
  receiveBuffer: 65536,
  queueBytes: 131072,
};

/** Writes down what it is told, as text. */
export class RecordingSubscriber implements SocketSubscriber {
  readonly events: string[] = [];
  readonly datagrams: Buffer[] = [];

  datagram(bytes: Buffer, { address, port }: Sender): void {
    this.datagrams.push(bytes);
    this.events.push(`${bytes} from ${address}:${port}`);
  }

  bound({ granted }: { granted: number }): void {
    this.events.push(`bound ${granted}`);
  }

  failed({ sentence }: SocketFailure): void {
    this.events.push(inEnglish(sentence));
  }
}

/** A pool on a machine that a test drives, and two subscribers. */
export class PoolUnderTest {
  readonly machine = new FakeMachine();
  readonly subscriber = new RecordingSubscriber();
  readonly other = new RecordingSubscriber();
  readonly pool: SocketPool;

  /** @param options whether the system lets a socket be bound to a group */
  constructor({ bindsGroups = true } = {}) {
    this.pool = new SocketPool(Object.assign(this.machine, { bindsGroups }));
  }

  /** Takes out a lease for the first subscriber, which opens a socket. */
  readonly leased = async (changes: Partial<SocketRequest> = {}): Promise<LeasedSocket> => {
    const opened = this.machine.nextSocket();
    const { release } = this.pool.lease({ ...REQUEST, ...changes }, this.subscriber);
    return { socket: await opened, release };
  };
}

export interface LeasedSocket {
  readonly socket: FakeSocket;
  readonly release: SocketLease["release"];
}
