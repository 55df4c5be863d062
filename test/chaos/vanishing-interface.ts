// Runs in a network namespace of its own, where it may make interfaces and remove them. Says on its output what went well.
import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { systemEnvironment } from "../../nodes/lib/udp/socket/socket-environment";
import { SocketPool } from "../../nodes/lib/udp/socket/socket-pool";
import { REQUEST } from "../support/pool-under-test";
import { SkippableClock } from "../support/skippable-clock";
import { SocketInbox } from "../support/socket-inbox";

const INTERFACE = "sensors0";
const PEER = "sensors1";
const ADDRESS = "10.77.0.1";
const GROUP = "239.77.0.1";
const PORT = 5077;
const RETRY_MS = 50;
const REJOIN_MS = 61_000;

function ip(parameters: string): void {
  const { status, stderr } = spawnSync("ip", parameters.split(" "), { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${parameters}: ${stderr}`);
}

function plugIn(): void {
  ip(`link add ${INTERFACE} type veth peer name ${PEER}`);
  ip(`addr add ${ADDRESS}/24 dev ${INTERFACE}`);
  ip(`link set ${INTERFACE} up`);
  ip(`link set ${PEER} up`);
}

/** Sends until it is received: what is sent before the group is joined again nobody gets. */
async function reaches(inbox: SocketInbox, text: string, to: string): Promise<void> {
  const received = inbox.untilText(text).then(() => true);
  for (;;) {
    const socket = createSocket("udp4").bind(0, ADDRESS);
    await once(socket, "listening");
    socket.setMulticastInterface(ADDRESS);
    await new Promise((resolve) => socket.send(text, PORT, to, resolve));
    socket.close();
    if (await Promise.race([received, setTimeout(RETRY_MS, false)])) return;
  }
}

async function run(): Promise<void> {
  ip("link set lo up");
  plugIn();
  const clock = new SkippableClock();
  const pool = new SocketPool({ ...systemEnvironment, clock });
  const [group, own] = [new SocketInbox(), new SocketInbox()];
  const leases = [
    pool.lease({ ...REQUEST, port: PORT, address: ADDRESS, groups: [GROUP] }, group),
    pool.lease({ ...REQUEST, port: PORT, address: ADDRESS }, own),
  ];
  await Promise.all([group.isBound(), own.isBound()]);
  await Promise.all([reaches(group, "group before", GROUP), reaches(own, "own before", ADDRESS)]);
  console.log("received before");
  ip(`link del ${INTERFACE}`);
  clock.skip(REJOIN_MS);
  console.log("survived");
  plugIn();
  clock.skip(REJOIN_MS);
  await Promise.all([reaches(group, "group after", GROUP), reaches(own, "own after", ADDRESS)]);
  console.log("received after");
  await Promise.all(leases.map(({ release }) => release()));
}

run().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
