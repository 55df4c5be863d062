import assert from "node:assert/strict";
import { upgradeRequest } from "../../../support/raw-http";
import { type Attack, SILENT_PATH } from "../../attack";
import { keepDoing } from "../../crowd";

const DURATION_MS = 1500;
/** Loopback addresses to come from: Linux has the whole block. */
const ADDRESSES =
  process.platform === "linux" ? Array.from({ length: 250 }, (_, i) => `127.0.1.${i + 1}`) : ["127.0.0.1"];

/** Becomes a client and leaves, as often as it can. */
export const connectFloodFromOneAddress: Attack = flood(["127.0.0.1"]);

export const connectFloodFromManyAddresses: Attack = flood(ADDRESSES);

function flood(addresses: readonly string[]): Attack {
  return async ({ ports }, crowd) => {
    let turn = 0;
    await keepDoing(DURATION_MS, 50, async () => {
      const localAddress = addresses[turn % addresses.length] as string;
      const port = ports[turn++ % 2 === 0 ? 0 : 1];
      const socket = await crowd.connect(port, { localAddress });
      socket.write(upgradeRequest({ port, path: SILENT_PATH }));
      const [answer] = await Promise.race([
        new Promise<[Buffer]>((resolve) => socket.once("data", (data) => resolve([data]))),
        new Promise<[undefined]>((resolve) => socket.once("close", () => resolve([undefined]))),
      ]);
      socket.resetAndDestroy();
      assert.match(String(answer), /^HTTP\/1\.1 101 /);
    });
  };
}
