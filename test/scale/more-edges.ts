// Takes from the broker what an edge takes, and does nothing with it: what one more edge costs the broker shows so.
import { createRequire } from "node:module";
import { serve } from "../bench/remote";

const TOPICS = "sensors/#";
const AT_LEAST_ONCE = 1;

/** As much of the client of MQTT that Node-RED brings as is used. */
interface MqttClient {
  on(event: "message", listener: () => void): void;
  subscribeAsync(topics: string, options: { qos: number }): Promise<unknown>;
  endAsync(): Promise<void>;
}

export interface MoreEdges {
  /** Resolves when so many more take what the broker has, each under a name of its own. */
  connect(port: number, count: number): Promise<void>;
  /** Messages that all of them have got. */
  received(): number;
  close(): Promise<void>;
}

const nodeRed = createRequire(require.resolve("node-red"));
const mqtt = createRequire(nodeRed.resolve("@node-red/nodes"))("mqtt") as {
  connectAsync(url: string, options: object): Promise<MqttClient>;
};
const clients: MqttClient[] = [];
let received = 0;

serve<MoreEdges>({
  async connect(port, count) {
    for (let number = 1; number <= count; number++) {
      const options = { clientId: `more-edges-${number}`, clean: false };
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, options);
      clients.push(client);
      client.on("message", () => received++);
      await client.subscribeAsync(TOPICS, { qos: AT_LEAST_ONCE });
    }
  },
  received: () => received,
  async close() {
    await Promise.all(clients.splice(0).map((client) => client.endAsync()));
  },
});
