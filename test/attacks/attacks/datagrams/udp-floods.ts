import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Attack } from "../../attack";
import { startPace } from "./pace";

const SENDERS = 100;
const TICK_MS = 10;
const DURATION_MS = 1500;
/**
 * One of so many goes to the port of the honest feed: 2000 a second at most.
 */
const FEED_SHARE = 5;

/** Datagrams from many addresses, valid and not, on every port; on that of the honest feed, too. */
export const udpFlood: Attack = async (target, crowd) => {
  const { feedPort, udpPorts } = target;
  const served = await startPace(target, crowd);
  const others = Object.values(udpPorts);
  const senders: Socket[] = [];
  for (let i = 0; i < SENDERS; i++) {
    const socket = createSocket("udp4");
    crowd.after(() => socket.close());
    socket.bind(0, process.platform === "linux" ? `127.0.2.${i + 1}` : "127.0.0.1");
    await once(socket, "listening");
    senders.push(socket);
  }
  for (let tick = 0; tick * TICK_MS < DURATION_MS; tick++) {
    for (const [index, sender] of senders.entries()) {
      const datagram = (tick + index) % 2 === 0 ? `{"sensor":"flood/${index}","value":${tick}}` : "\0nothing";
      if ((tick + index) % FEED_SHARE === 0) sender.send(datagram, feedPort, "127.0.0.1");
      else sender.send(datagram, others[(tick + index) % others.length], "127.0.0.1");
    }
    await Promise.all([served(), delay(TICK_MS)]);
  }
};
