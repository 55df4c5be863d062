import type { ServersAnswer } from "../../nodes/lib/cockpit/server-endpoints";
import { FlowProcess } from "../support/flow-process";
import { freeUdpPort } from "../support/free-port";
import { until } from "../support/until";
import type { Balancer } from "./balancers";
import type { Broker } from "./brokers";
import { Cable } from "./cables";
import { EDGE_PATH, edge, sensorSide } from "./flows";
import { Follower } from "./follower";
import { NumberedSensors } from "./numbered-sensors";

/** So that nobody waits for the five seconds of Node-RED's default. */
const SETTINGS = { mqttReconnectTime: 500 };
const EDGES = 2;
const CATCH_UP_MS = 30_000;

export interface ScaleRigOptions {
  readonly broker: Broker;
  startBalancer(ports: readonly number[]): Promise<Balancer>;
  readonly sensors: number;
  /** Seconds between two pings of an edge; default: as in the example. */
  readonly heartbeat?: number;
  /** Edges are at the end of cables that can be cut. */
  readonly viaCables?: boolean;
}

/** The example in real life: sensors, a Node-RED that receives them, a broker, and two edges behind a load balancer. */
export class ScaleRig {
  readonly broker: Broker;
  readonly sensors: NumberedSensors;
  readonly sensorSide: FlowProcess;
  readonly edges: readonly FlowProcess[];
  readonly balancer: Balancer;
  /** One for each edge, if there are any. */
  readonly cables: readonly Cable[];
  followers: readonly Follower[] = [];

  private constructor(parts: Pick<ScaleRig, "broker" | "sensors" | "sensorSide" | "edges" | "balancer" | "cables">) {
    this.broker = parts.broker;
    this.sensors = parts.sensors;
    this.sensorSide = parts.sensorSide;
    this.edges = parts.edges;
    this.balancer = parts.balancer;
    this.cables = parts.cables;
  }

  static async start(options: ScaleRigOptions): Promise<ScaleRig> {
    const { broker, startBalancer, sensors, heartbeat, viaCables = false } = options;
    const server = heartbeat === undefined ? {} : { heartbeat: String(heartbeat) };
    const udpPort = await freeUdpPort();
    const sensorSideFlow = { flow: sensorSide(broker.port, udpPort), settings: SETTINGS };
    const edgeFlows = Array.from({ length: EDGES }, (_, index) => ({
      flow: edge(`edge-${index + 1}`, broker.port, server),
      settings: SETTINGS,
    }));
    const [sensorSideProcess, ...edges] = await Promise.all(
      [sensorSideFlow, ...edgeFlows].map((each) => FlowProcess.start(each)),
    );
    const cables = viaCables ? await Promise.all(edges.map(({ port }) => Cable.to(port))) : [];
    const balancer = await startBalancer((viaCables ? cables : edges).map(({ port }) => port));
    return new ScaleRig({
      broker,
      sensors: new NumberedSensors(sensors, udpPort),
      sensorSide: sensorSideProcess as FlowProcess,
      edges,
      balancer,
      cables,
    });
  }

  /** Where clients connect. */
  get url(): string {
    return `ws://127.0.0.1:${this.balancer.port}${EDGE_PATH}`;
  }

  /** Clients that follow the sensors of these names; every one of them if there are none. Resolves when all are connected. */
  async follow(count: number, topics: readonly string[] = []): Promise<Follower[]> {
    const followers = Array.from({ length: count }, () => new Follower(this.url, topics));
    this.followers = [...this.followers, ...followers];
    await until(
      () => followers.every(({ feed }) => feed.state === "open"),
      "not all clients are connected",
      CATCH_UP_MS,
    );
    return followers;
  }

  /** Resolves when every client has the last reading that was sent of each of its sensors. */
  async catchUp(): Promise<void> {
    const isBehind = ({ topics }: Follower): boolean =>
      topics.size === 0 || [...topics].some(([name, { last }]) => last < this.sensors.sentBy(name));
    await until(() => !this.followers.some(isBehind), "not all clients have all readings", CATCH_UP_MS).catch(
      (error) => {
        const behind = this.followers.filter(isBehind);
        const shown =
          behind[0] &&
          JSON.stringify([...behind[0].topics].map(([name, { last }]) => [name, last, this.sensors.sentBy(name)]));
        throw new Error(`${error.message}: ${behind.length} are behind, one of them so: ${shown}`);
      },
    );
  }

  /** How many clients an edge has. */
  async clientsOf(edge: number): Promise<number> {
    const answer = await fetch(`${this.edges[edge]?.url}/sensorcast/ws`);
    const { servers } = (await answer.json()) as ServersAnswer;
    return servers[0]?.overview?.clients ?? 0;
  }

  /** All clients go. */
  leave(): void {
    for (const follower of this.followers) follower.close();
    this.followers = [];
  }

  async stop(): Promise<void> {
    this.leave();
    await this.sensors.stop();
    await this.balancer.stop();
    await Promise.all(this.cables.map((cable) => cable.stop()));
    await Promise.all([this.sensorSide, ...this.edges].map((each) => each.stop()));
    await this.broker.stop();
  }
}
