import { GUARDED_PATH, SECRETS } from "./attacked-flow";
import { Bystander } from "./bystander";
import { HonestClient } from "./honest-client";
import { STEADY_TOPIC, SteadyFeed } from "./steady-feed";

/** Protocol 5 of socket.io over protocol 4 of engine.io, straight by WebSocket. */
const SOCKET_IO_PATH = "/socket.io/?EIO=4&transport=websocket";
const SOCKET_IO_CONNECT = "40";

/** Of our own servers, in equal parts of the shared and of the own one. */
const HONEST_CLIENTS = 20;
/** A redeploy sends our clients away and just drops those of core. */
const CLOSED_BY_REDEPLOY: ReadonlySet<number> = new Set([1006, 1012]);
const SERVICE_RESTART = 1012;

/** Everybody who must not notice an attack, and the feed they follow. */
export class Audience {
  readonly #feed: SteadyFeed;
  readonly #honest: HonestClient[] = [];
  readonly #core: HonestClient;
  readonly #bystanders: Bystander[] = [];

  private constructor(ports: readonly [number, number], feedPort: number) {
    this.#feed = new SteadyFeed(feedPort);
    for (let i = 0; i < HONEST_CLIENTS; i++) {
      const port = ports[i % ports.length];
      this.#honest.push(new HonestClient(`client ${i}`, `ws://127.0.0.1:${port}/ws?topic=${STEADY_TOPIC}`));
    }
    const guarded = `ws://127.0.0.1:${ports[0]}${GUARDED_PATH}?token=${SECRETS.token}`;
    this.#honest.push(new HonestClient("the client with a token", guarded));
    this.#core = new HonestClient("the client of core's listener", `ws://127.0.0.1:${ports[0]}/core`);
  }

  static async arrive(ports: readonly [number, number], feedPort: number): Promise<Audience> {
    const all = new Audience(ports, feedPort);
    const web = `ws://127.0.0.1:${ports[0]}`;
    try {
      all.#bystanders.push(await Bystander.connect("the editor", `${web}/comms`));
      all.#bystanders.push(
        await Bystander.connect("the neighbour's client", `${web}${SOCKET_IO_PATH}`, SOCKET_IO_CONNECT),
      );
      const complaints = await all.complaints(false);
      if (complaints.length > 0) throw new Error(complaints.join("; "));
    } catch (error) {
      all.leave();
      throw error;
    }
    return all;
  }

  /**
   * What anybody missed since the last call, in sentences. Waits until all have what was sent so far.
   * @param redeployed whether the flows were restarted meanwhile, and clients asked to come back
   */
  async complaints(redeployed: boolean): Promise<string[]> {
    const { last } = this.#feed;
    const clients = [...this.#honest, this.#core];
    await Promise.all(clients.map((client) => client.reaches(last)));
    const complaints = clients.flatMap((client) => client.complaints.splice(0));
    for (const client of clients) {
      for (const code of client.closings.splice(0)) {
        const isExpected =
          redeployed && (client === this.#core ? CLOSED_BY_REDEPLOY.has(code) : code === SERVICE_RESTART);
        if (!isExpected) complaints.push(`${client.name} was cut off with ${code}`);
      }
    }
    const silences = await Promise.allSettled(this.#bystanders.map((bystander) => bystander.hears()));
    for (const silence of silences) if (silence.status === "rejected") complaints.push(String(silence.reason));
    return complaints;
  }

  leave(): void {
    this.#feed.stop();
    for (const client of [...this.#honest, this.#core, ...this.#bystanders]) client.stop();
  }
}
