import { createSocket } from "node:dgram";
import { setTimeout } from "node:timers/promises";
import { BOMBS } from "../support/bombs";
import { FlowProcess } from "../support/flow-process";
import { freeUdpPort } from "../support/free-port";
import { descendantsOf, handlesOf } from "../support/process-usage";
import { until } from "../support/until";
import { arrivedAt, imbalances, readAccounts } from "./identities";
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
/** Longer than connections are kept alive that ask for something and then for nothing more. */
const SETTLED_STEPS = 40;
const FLOOD_DATAGRAMS = 20_000;
const SENDING_AT_ONCE = 500;
/** How long a token lasts after the deploy that lists it. */
const TOKEN_MS = 10_000;
const MB = 1024 * 1024;

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
  /** Of Node-RED and the processes that it has started: time in ms, and MB. */
  readonly memory: readonly (readonly [ms: number, mb: number])[];
  /** Processor time of the longest turn of the event loop, in ms, but for those in which it was kept busy or deployed. */
  readonly longestTurnMs: number;
  readonly before: Handles;
  readonly after: Handles;
}

export interface Handles {
  readonly files: number;
  readonly threads: number;
  readonly processes: number;
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
  readonly #memory: [number, number][] = [];
  readonly #done: Record<string, number> = {
    "deploy full": 0,
    "deploy flows": 0,
    "deploy nodes": 0,
    block: 0,
    flood: 0,
    bombs: 0,
  };
  #clients: SoakClient[] = [];
  /** Disturbances that have not had their turn. */
  #toCome: string[] = [];
  #datagrams = 0;
  #sequence = 0;
  #deploys = 0;
  #senders = 0;
  #balancedTimes = 0;
  #longestTurnMs = 0;

  private constructor(nodeRed: FlowProcess, ports: Soak["ports"], { seed, log = () => undefined }: SoakOptions) {
    this.#nodeRed = nodeRed;
    this.#ports = ports;
    this.#random = new Random(seed);
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
      done: this.#done,
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
    if (this.#toCome.length === 0) this.#toCome = Object.keys(this.#done);
    const what = this.#random.pick(this.#toCome);
    this.#toCome = this.#toCome.filter((other) => other !== what);
    this.#done[what] = (this.#done[what] ?? 0) + 1;
    if (what.startsWith("deploy")) await this.#deploy(what.slice("deploy ".length) as "full" | "flows" | "nodes");
    else if (what === "block") await this.#block(this.#random.between(200, 1500));
    else if (what === "flood") await this.#flood(FLOOD_DATAGRAMS);
    else for (const bomb of Object.values(BOMBS)) this.#send(bomb, this.#ports.hostilePort);
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
    const { rssBytes } = await this.#nodeRed.probe.call("sample");
    this.#memory.push([atMs, rssBytes / MB]);
    if (this.#memory.length % 60 === 0) {
      this.#log(
        `${Math.round(atMs / 60_000)} min: ${Math.round(rssBytes / MB)} MB, ${this.#clients.length} clients, ${this.#wrong.length} wrong`,
      );
    }
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
    let last = "";
    let handles: Handles = { files: 0, threads: 0, processes: 0 };
    let same = 0;
    await until(
      async () => {
        await setTimeout(STEP_MS);
        const { files = 0, threads = 0 } = handlesOf(this.#nodeRed.pid) ?? {};
        handles = { files, threads, processes: descendantsOf(this.#nodeRed.pid).length };
        same = JSON.stringify(handles) === last ? same + 1 : 0;
        last = JSON.stringify(handles);
        return same >= SETTLED_STEPS;
      },
      "Node-RED does not come to rest",
      SETTLE_TIMEOUT_MS,
    );
    return handles;
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
