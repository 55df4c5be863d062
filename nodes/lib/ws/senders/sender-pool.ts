import { installation } from "../../installation/installation";
import { type Sentence, sentence } from "../../text/sentence";
import { type Clock, systemClock } from "../../time/clock";
import { inSlices } from "../../time/in-slices";
import type { CloseReason } from "../clients/close-reasons";
import type { LocalClientsOptions } from "../clients/local-clients";
import type { ClientHost, ClientsListener } from "../clients/served-client";
import { type Counts, NO_COUNTS, sum } from "../hub/counts";
import type { Hub } from "../hub/hub";
import type { Topic } from "../hub/log/topic";
import type { OnPass } from "../hub/pass-timer";
import { Audience } from "./audience";
import { Handovers, type Newcomer } from "./handovers";
import { LogFeed, LogFeeds } from "./log-feed";
import { FULL } from "./notices";
import { PublishTimes } from "./publish-times";
import { Pump } from "./pump";
import { RemoteClient } from "./remote-client";
import { Sender, type SenderListener, type ToldReport } from "./sender";
import { Starts } from "./starts";

const BEAT_MS = 500;
/** Of a client whose sender has ended: it was told nothing. */
const SENDER_ENDED: CloseReason = { code: 1006, reason: "sender process ended" };

export interface SenderPoolOptions extends LocalClientsOptions {
  readonly senders: number;
  /** Path of what they run; default: that of this room. */
  readonly program?: string | undefined;
}

export interface SenderPoolContext {
  /** Whose readings they send. */
  readonly hub: Hub;
  /** The hub's. What passes between processes keeps the system's time. */
  readonly clock: Clock;
  readonly listener: ClientsListener;
  /** Told of the passes of all senders. */
  readonly onPass?: OnPass | undefined;
  /** Told what the user should know. */
  notice(notice: Sentence): void;
  /** Throws where senders would not run what this process does. */
  readonly checkFiles?: (() => void) | undefined;
}

/** Clients that are served by other processes, each by the one with the fewest. A process that ends is replaced. */
export class SenderPool implements ClientHost {
  readonly #options: SenderPoolOptions;
  readonly #context: SenderPoolContext;
  readonly #senders = new Set<Sender>();
  readonly #audience = new Audience();
  readonly #times = new PublishTimes();
  readonly #feeds: LogFeeds;
  readonly #pump = new Pump(() => this.#pumpOnce());
  readonly #starts: Starts;
  readonly #handovers: Handovers;
  readonly #awaiting: (() => void)[] = [];
  #departed: Counts = NO_COUNTS;
  #departedIgnored = 0;
  #unknown = 0;
  #cancelBeat: () => void;
  /** The user was told that none takes one more. */
  #wasFull = false;

  constructor(options: SenderPoolOptions, context: SenderPoolContext) {
    this.#options = options;
    this.#context = context;
    const { clock, hub } = context;
    this.#feeds = new LogFeeds(hub.store, this.#times, () => clock.now());
    this.#handovers = new Handovers({
      senders: this.#senders,
      full: () => this.#noticeFull(),
      taken: (sender, newcomer) => this.#taken(sender, newcomer),
    });
    this.#starts = new Starts({
      start: () => this.#start(),
      asked: options.senders,
      senders: () => {
        const ready = this.#ready();
        return { ready, starting: this.#senders.size - ready };
      },
      notice: (notice) => context.notice(notice),
    });
    this.#cancelBeat = systemClock.timeout(() => this.#beat(), BEAT_MS);
    for (let count = 0; count < options.senders; count++) this.#starts.start();
  }

  /** Clients whose sender has ended: what became of their readings in the end is not known. */
  get unknown(): number {
    return this.#unknown;
  }

  /** Clients that no sender has taken yet. */
  get waiting(): number {
    return this.#handovers.size;
  }

  /** Resolves once as many senders are ready as there should be. */
  async ready(): Promise<void> {
    if (this.#isComplete()) return;
    await new Promise<void>((resolve) => this.#awaiting.push(resolve));
  }

  get ignored(): number {
    return this.#clients().reduce((sum, { ignored }) => sum + ignored, this.#departedIgnored);
  }

  /** The processes that run. */
  get pids(): number[] {
    return [...this.#senders].flatMap(({ pid }) => pid ?? []);
  }

  counts(): Counts {
    return this.#clients().reduce((total, client) => sum(total, client.counts()), this.#departed);
  }

  get departed(): Counts {
    return this.#departed;
  }

  audienceOf(topic: Topic): number {
    return this.#audience.of(topic.levels);
  }

  async refresh(): Promise<void> {
    await Promise.all(
      Array.from(this.#senders, (sender) => sender.isReady && sender.ask((question) => ({ order: "count", question }))),
    );
  }

  /** The log has new readings. */
  published(): void {
    this.#pump.request();
  }

  /** A topic's newest reading is not to be replayed any more. */
  forget(topic: string): void {
    for (const sender of this.#senders) sender.order({ order: "forget", topic });
  }

  /** Finds a sender for a client, within half a second. */
  take(newcomer: Newcomer): void {
    this.#handovers.take(newcomer);
  }

  /** Clients that wait are refused; nobody is taken any more. */
  refuseAll(): void {
    this.#starts.stop();
    this.#handovers.refuseAll();
  }

  async close(): Promise<void> {
    this.refuseAll();
    this.#cancelBeat();
    this.#pump.stop();
    await Promise.all(Array.from(this.#senders, (sender) => sender.stop()));
  }

  #isComplete(): boolean {
    return this.#ready() === this.#options.senders;
  }

  #ready(): number {
    return [...this.#senders].filter(({ isReady }) => isReady).length;
  }

  #clients(): RemoteClient[] {
    return Array.from(this.#senders, ({ clients }) => [...clients.values()]).flat();
  }

  /** @throws when no process can be started, unless the system says so later: then it ends */
  #start(): void {
    const { senders: _, program = require.resolve("./sender-process"), ...options } = this.#options;
    const { hub, onPass, checkFiles = () => installation.check() } = this.#context;
    const { log } = hub.store;
    checkFiles();
    const feed = new LogFeed(this.#feeds);
    const timesPasses = onPass !== undefined;
    this.#senders.add(new Sender({ options, timesPasses, program, feed, head: () => log.head }, this.#senderListener));
    this.#pump.request();
  }

  readonly #senderListener: SenderListener = {
    ready: () => {
      this.#starts.succeeded();
      if (this.#isComplete()) for (const resolve of this.#awaiting.splice(0)) resolve();
      this.#handovers.dispatch();
    },
    reported: (sender, report) => this.#reported(sender, report),
    handed: (sender, client, isTaken) => this.#handovers.handed(sender, client, isTaken),
    ended: (sender, error) => this.#ended(sender, error),
    drained: () => this.#pump.request(),
  };

  /** @returns whether there is more to write at once */
  #pumpOnce(): boolean {
    const { hub, clock } = this.#context;
    this.#times.note(hub.store.log.head, clock.now());
    let isMore = false;
    for (const sender of [...this.#senders]) isMore = sender.pump() || isMore;
    return isMore;
  }

  #beat(): void {
    for (const sender of [...this.#senders]) {
      // What it has open changes: a client that comes now tries it.
      sender.isFull = false;
      sender.beat();
    }
    this.#cancelBeat = systemClock.timeout(() => this.#beat(), BEAT_MS);
  }

  #taken(sender: Sender, { client, socket, head, opened }: Newcomer): void {
    const { hub, clock } = this.#context;
    const remote = new RemoteClient(client, sender, { since: clock.wallTime(), hub });
    sender.clients.set(client.id, remote);
    this.#audience.add(client.subscription);
    const early = (socket.read() as Buffer | null) ?? Buffer.alloc(0);
    socket.destroy();
    sender.order({ order: "go", client: client.id, head: Buffer.concat([head, early]).toString("base64") });
    opened(remote);
  }

  #reported(sender: Sender, report: ToldReport): void {
    const { listener, onPass } = this.#context;
    if (report.report === "error") {
      listener.failed(new Error(`a sender process: ${report.message}`));
    } else if (report.report === "passes") {
      for (const [durationMs, waitedMs] of report.of) onPass?.(durationMs, waitedMs);
    } else if (report.report === "counts") {
      for (const of of report.of) sender.clients.get(of.client)?.heard(of);
    } else {
      const client = sender.clients.get(report.of.client);
      if (client === undefined) return;
      client.heard(report.of);
      if (report.report !== "left") {
        listener[report.report](client);
        return;
      }
      sender.clients.delete(client.id);
      this.#left(client, report);
    }
  }

  #left(client: RemoteClient, { code, reason }: CloseReason): void {
    this.#audience.remove(client.subscription);
    this.#departed = sum(this.#departed, client.counts());
    this.#departedIgnored += client.ignored;
    this.#context.listener.left(client, code, reason);
  }

  #ended(sender: Sender, error: Error): void {
    this.#senders.delete(sender);
    const clients = [...sender.clients.values()];
    sender.clients.clear();
    for (const client of clients) client.lost();
    this.#unknown += clients.length;
    inSlices(clients, (client) => this.#left(client, SENDER_ENDED)).catch((error) =>
      this.#context.listener.failed(error),
    );
    this.#handovers.giveBack(sender);
    if (sender.wasReady) this.#context.notice(sentence("senders.ended", { reason: error.message }));
    this.#starts.replace(sender, error);
    this.#handovers.dispatch();
  }

  #noticeFull(): void {
    if (this.#wasFull || [...this.#senders].some(({ isFull }) => !isFull)) return;
    this.#wasFull = true;
    this.#context.notice(FULL);
  }
}
