import { createSocket } from "node:dgram";
import { BOMBS } from "../../../support/bombs";
import type { Attack } from "../../attack";
import { startPace } from "./pace";

const DATAGRAMS: readonly Buffer[] = [
  ...Object.values(BOMBS),
  Buffer.alloc(0),
  Buffer.alloc(65_507),
  Buffer.from([0xff, 0xfe, 0xc0, 0x80]),
  Buffer.from('{"sensor":"__proto__","value":1}'),
  Buffer.from('{"sensor":{"toString":1},"value":1}'),
  Buffer.from('{"constructor":{"prototype":{"polluted":true}}}'),
  Buffer.from(`{"sensor":"${"/".repeat(60_000)}","value":1}`),
  Buffer.from(`{"sensor":"a\\u0000b/#/+","value":1e999}`),
  Buffer.from("[".repeat(3000) + "]".repeat(3000)),
  Buffer.from(
    `[${Array.from({ length: 8000 }, (_, i) => `{"s":${i}}`)
      .join(",")
      .slice(0, 60_000)
      .replace(/,[^,]*$/, "")}]`,
  ),
];

/** Datagrams made to cost a decoder time, memory or the stack, each to every format. */
export const hostileDatagrams: Attack = async (target, crowd) => {
  const { feedPort, udpPorts } = target;
  const served = await startPace(target, crowd);
  const socket = createSocket("udp4");
  crowd.after(() => socket.close());
  for (const datagram of DATAGRAMS) {
    for (const port of [feedPort, ...Object.values(udpPorts)]) {
      socket.send(datagram, port, "127.0.0.1");
      await served();
    }
  }
};
