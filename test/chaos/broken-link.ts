import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy that fails as networks do. */
export interface BrokenLink {
  readonly port: number;
  /** Nothing comes through either way, and nobody is told. */
  swallow(): void;
  /** Everything comes through again, also what was swallowed: TCP sends it once more. */
  restore(): void;
  /** Every connection is reset. */
  reset(): void;
  stop(): Promise<void>;
}

export async function startBrokenLink(to: number): Promise<BrokenLink> {
  const sockets = new Set<Socket>();
  let isSwallowing = false;
  const join = (from: Socket, into: Socket): void => {
    sockets.add(from);
    from.on("data", (data) => into.write(data));
    from.on("error", () => into.destroy());
    from.on("close", () => {
      sockets.delete(from);
      into.destroy();
    });
    if (isSwallowing) from.pause();
  };
  const proxy = createServer((client) => {
    const server = connect(to, "127.0.0.1");
    join(client, server);
    join(server, client);
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    port: (proxy.address() as AddressInfo).port,
    swallow() {
      isSwallowing = true;
      for (const socket of sockets) socket.pause();
    },
    restore() {
      isSwallowing = false;
      for (const socket of sockets) socket.resume();
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async stop() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
      await once(proxy, "close");
    },
  };
}
