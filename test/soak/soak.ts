import { createSocket } from "node:dgram";
import { setTimeout } from "node:timers/promises";
import { BOMBS } from "../support/bombs";
import { FlowProcess } from "../support/flow-process";
import { freeUdpPort } from "../support/free-port";
import { until } from "../support/until";
import { Disturbances } from "./disturbances";
import { type Handles, handlesAtRest } from "./handles";
import { arrivedAt, imbalances, readAccounts } from "./identities";
import { type MemoryReport, MemoryWatch } from "./memory-watch";
import { Random } from "./random";
import { ClientTally, KINDS, SoakClient } from "./soak-clients";
import { BLOCK_PATH, credentialsOf, soakFlow } from "./soak-flow";

const STEP_MS = 200;
const SAMPLE_MS = 1000;
const MAX_CLIENTS = 60;
const FEED_PER_STEP = 40;
const WARM_UP_MS = 3000;
/** Between disturbances: from so long to so long. */
const DISTURBANCE_MS = [2000, 10_000] as const;
const SETTLE_TIMEOUT_MS = 40_000;
const FLOOD_DATAGRAMS = 20_000;
const SENDING_AT_ONCE = 500;
/** How long a token lasts after the deploy that lists it. */
const TOKEN_MS = 10_000;
/** So often in a soak garbage is collected, to see what is really in use. */
const COLLECTIONS = 20;
/** What is bounded is full after so many rounds of everything that fills it. */
const FILLING_ROUNDS = 3;

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  log?(line: string): void;
}

export interface SoakReport {
  readonly ranMs: number;
  readonly clients: ClientTally;
  readonly done: Readonly<Record<string, number>>;
  readonly datagrams: number;
  readonly balancedTimes: number;
  /** What was wrong, in sentences. */
  readonly wrong: readonly string[];
  readonly memory: MemoryReport;
  /** Processor time of the longest turn of the event loop, in ms, but for those in which it was kept busy or deployed. */
  readonly longestTurnMs: number;
  readonly before: Handles;
  readonly after: Handles;
}

/** All that a Node-RED can meet with, at random but for the seed, for so many minutes. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const running = await Soak.start(options);
  try {
    return await running.run(options.minutes * 60_000);
  } finally {
    await running.stop();
  }
}

class Soak {
  readonly #random: Random;
  readonly #nodeRed: FlowProcess;
  readonly #ports: { readonly feedPort: number; readonly hostilePort: number };
  readonly #log: (line: string) => void;
  readonly #socket = createSocket("udp4");
  readonly #tally = new ClientTally();
  readonly #wrong: string[] = [];
  readonly #memory: MemoryWatch;
  readonly #disturbances: Disturbances;
  #clients: SoakClient[] = [];
  #datagrams = 0;
  #sequence = 0;
  #deploys = 0;
  #senders = 0;
  #balancedTimes = 0;
  #longestTurnMs = 0;

  private constructor(
    nodeRed: FlowProcess,
    ports: Soak["ports"],
    { minutes, seed, log = () => undefined }: SoakOptions,
  ) {
    this.#nodeRed = nodeRed;
    this.#memory = new MemoryWatch(nodeRed, (minutes * 60_000) / COLLECTIONS);
    this.#ports = ports;
    this.#random = new Random(seed);
    this.#disturbances = new Disturbances(this.#random);
    this.#log = log;
  }

  static async start(options: SoakOptions): Promise<Soak> {
    const ports = { feedPort: await freeUdpPort(), hostilePort: await freeUdpPort() };
    const expiresAt = Date.now() + TOKEN_MS;
    const flow = soakFlow({ ...ports, senders: 0, expiresAt, name: "" });
    return new Soak(await FlowProcess.start({ flow, credentials: credentialsOf(expiresAt) }), ports, options);
  }

  get ports(): { readonly feedPort: number; readonly hostilePort: number } {
    return this.#ports;
  }

  async run(forMs: number): Promise<SoakReport> {
    const { probe } = this.#nodeRed;
    await probe.call("watchTurns");
    this.#feed(FEED_PER_STEP);
    await setTimeout(WARM_UP_MS);
    await this.#fill();
    const before = await this.#settled();
    const began = performance.now();
    let sampledAt = began;
    let disturbAt = began + DISTURBANCE_MS[0];
    await probe.call("takeLongestTurnMs");
    while (performance.now() - began < forMs) {
      this.#feed(FEED_PER_STEP);
      this.#comeAndGo();
      if (performance.now() >= disturbAt) {
        await this.#disturb();
        disturbAt = performance.now() + this.#random.between(...DISTURBANCE_MS);
      }
      if (performance.now() - sampledAt >= SAMPLE_MS) {
        sampledAt = performance.now();
        await this.#sample(sampledAt - began);
      }
      await setTimeout(STEP_MS);
    }
    await this.#balance();
    for (const client of this.#clients) client.end();
    const after = await this.#settled();
    await this.#countExactly();
    return {
      ranMs: performance.now() - began,
      clients: this.#tally,
      done: this.#disturbances.done,
      datagrams: this.#datagrams,
      balancedTimes: this.#balancedTimes,
      wrong: [...this.#wrong, ...this.#tally.complaints.slice(0, 10), ...this.#errorsLogged()],
      memory: this.#memory,
      longestTurnMs: this.#longestTurnMs,
      before,
      after,
    };
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.end();
    this.#socket.close();
    await this.#nodeRed.stop();
  }

  #comeAndGo(): void {
    this.#clients = this.#clients.filter(({ hasEnded }) => !hasEnded);
    const coming = Math.min(this.#random.between(0, 4), MAX_CLIENTS - this.#clients.length);
    for (let n = 0; n < coming; n++) {
      const kind = this.#random.pick(KINDS);
      this.#clients.push(new SoakClient(kind, this.#nodeRed.port, { tally: this.#tally, random: this.#random }));
    }
  }

  #feed(count: number): void {
    for (let n = 0; n < count; n++) {
      const sensor = this.#random.pick(["s1", "s2", "s3", "plant/north", "plant/south"]);
      this.#send(Buffer.from(JSON.stringify({ sensor, number: ++this.#sequence })), this.#ports.feedPort);
    }
  }

  #send(datagram: Buffer, port: number): void {
    this.#datagrams++;
    this.#socket.send(datagram, port, "127.0.0.1");
  }

  async #disturb(): Promise<void> {
    const what = this.#disturbances.next();
    if (what.startsWith("deploy")) await this.#deploy(what.slice("deploy ".length) as "full" | "flows" | "nodes");
    else if (what === "block") await this.#block(this.#random.between(200, 1500));
    else if (what === "flood") await this.#flood(FLOOD_DATAGRAMS);
    else this.#bomb();
  }

  #bomb(): void {
    for (const bomb of Object.values(BOMBS)) this.#send(bomb, this.#ports.hostilePort);
  }

  /** Logs, histories and caches fill up to their bounds now, so that what grows later grows without one. */
  async #fill(): Promise<void> {
    for (let round = 0; round < FILLING_ROUNDS; round++) {
      this.#bomb();
      await this.#flood(FLOOD_DATAGRAMS);
    }
  }

  /** Counts begin anew after it, and so they must balance before. */
  async #deploy(type: "full" | "flows" | "nodes"): Promise<void> {
    await this.#balance();
    this.#deploys++;
    if (type === "full") this.#senders = this.#random.between(0, 1);
    const expiresAt = Date.now() + TOKEN_MS;
    const flow = soakFlow({ ...this.#ports, senders: this.#senders, expiresAt, name: `deploy ${this.#deploys}` });
    await this.#nodeRed.deploy(flow, type);
    await this.#nodeRed.probe.call("takeLongestTurnMs");
  }

  async #block(ms: number): Promise<void> {
    await this.#noteTurn();
    await fetch(`${this.#nodeRed.url}${BLOCK_PATH}?ms=${ms}`);
    await this.#nodeRed.probe.call("takeLongestTurnMs");
  }

  async #flood(count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += SENDING_AT_ONCE) {
      this.#feed(SENDING_AT_ONCE);
      await setTimeout(1);
    }
  }

  async #balance(): Promise<void> {
    try {
      this.#wrong.push(...imbalances(await readAccounts(this.#nodeRed.url)));
      this.#balancedTimes++;
    } catch (error) {
      this.#wrong.push(String(error));
    }
  }

  async #sample(atMs: number): Promise<void> {
    await this.#noteTurn();
    if (await this.#memory.sample(atMs)) await this.#nodeRed.probe.call("takeLongestTurnMs");
    const { length } = this.#memory.resident;
    if (length % 60 !== 0) return;
    const mb = Math.round(this.#memory.resident[length - 1]?.[1] ?? 0);
    this.#log(
      `${Math.round(atMs / 60_000)} min: ${mb} MB, ${this.#clients.length} clients, ${this.#wrong.length} wrong`,
    );
  }

  async #noteTurn(): Promise<void> {
    this.#longestTurnMs = Math.max(this.#longestTurnMs, await this.#nodeRed.probe.call("takeLongestTurnMs"));
  }

  /** What is open when nobody is connected any more and nothing is on its way: read when it has come to rest. */
  async #settled(): Promise<Handles> {
    await this.#nodeRed.deploy(
      soakFlow({ ...this.#ports, senders: 0, expiresAt: Date.now() + TOKEN_MS, name: `rest ${++this.#deploys}` }),
      "full",
    );
    return await handlesAtRest(this.#nodeRed);
  }

  /** With counts that have just begun: each datagram sent was received, or dropped and counted. */
  async #countExactly(): Promise<void> {
    const before = this.#datagrams;
    await this.#flood(FLOOD_DATAGRAMS);
    const sent = this.#datagrams - before;
    const accounted = async (): Promise<number> => {
      const { received, dropped } = arrivedAt(await readAccounts(this.#nodeRed.url), "feed");
      return received + dropped;
    };
    await until(async () => (await accounted()) >= sent, "late", SETTLE_TIMEOUT_MS).catch(() => undefined);
    const found = await accounted();
    if (found !== sent) this.#wrong.push(`${sent} datagrams were sent, but ${found} are accounted for`);
    await this.#balance();
  }

  #errorsLogged(): string[] {
    const errors = this.#nodeRed.log.split("\n").filter((line) => /\[error\]|uncaught/i.test(line));
    return [...new Set(errors.map((line) => line.replace(/^.*\[error\]/, "[error]")))].slice(0, 10);
  }
}
