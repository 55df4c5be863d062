import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

const TICK_MS = 10;

/** A TCP proxy that passes on what a server sends at a limited rate, as a slow network does. */
export interface ThrottledProxy {
  readonly port: number;
  /** From now on nothing is passed on either way, as when a cable is pulled. */
  cut(): void;
  stop(): Promise<void>;
}

/** @param bytesPerSecond what every client gets; what clients send is passed on at once */
export async function startThrottledProxy(serverPort: number, bytesPerSecond: number): Promise<ThrottledProxy> {
  let isCut = false;
  const open = new Set<() => void>();
  const proxy = createServer((downstream) => {
    const upstream = connect(serverPort, "127.0.0.1");
    let passedAt = performance.now();
    let credit = 0;
    let waiting = Buffer.alloc(0);
    const timer = setInterval(() => {
      if (isCut) return;
      const now = performance.now();
      credit = Math.min(bytesPerSecond / 10, credit + (bytesPerSecond * (now - passedAt)) / 1000);
      passedAt = now;
      if (waiting.length === 0) waiting = upstream.read() ?? waiting;
      const passed = waiting.subarray(0, Math.floor(credit));
      if (passed.length === 0) return;
      waiting = waiting.subarray(passed.length);
      credit -= passed.length;
      downstream.write(passed);
    }, TICK_MS);
    const end = () => {
      clearInterval(timer);
      upstream.destroy();
      downstream.destroy();
      open.delete(end);
    };
    open.add(end);
    downstream.on("data", (data) => {
      if (!isCut) upstream.write(data);
    });
    for (const socket of [upstream, downstream]) {
      socket.on("error", end);
      socket.on("close", end);
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    port: (proxy.address() as AddressInfo).port,
    cut() {
      isCut = true;
    },
    async stop() {
      for (const end of open) end();
      proxy.close();
      await once(proxy, "close");
    },
  };
}
