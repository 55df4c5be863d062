import type { Socket } from "node:net";
import { Backoff } from "../../net/backoff";
import { type Sentence, sentence } from "../../text/sentence";
import { type Clock, systemClock } from "../../time/clock";
import { inSlices } from "../../time/in-slices";
import type { CloseReason } from "../clients/close-reasons";
import type { LocalClientsOptions } from "../clients/local-clients";
import type { ClientHost, ClientsListener, ServedClient } from "../clients/served-client";
import { type Counts, NO_COUNTS, sum } from "../hub/counts";
import type { Hub } from "../hub/hub";
import type { Topic } from "../hub/log/topic";
import { Audience } from "./audience";
import { LogFeed, LogFeeds } from "./log-feed";
import type { NewClient } from "./protocol";
import { PublishTimes } from "./publish-times";
import { Pump } from "./pump";
import { RemoteClient } from "./remote-client";
import { Sender, type SenderListener, type ToldReport } from "./sender";

/**
 * How long a client may wait for a sender, and how long it may then be on its way there. Others on a web server end upgrades
 * that stay silent for a second.
 */
const WAITING_MS = 450;
const HANDOVER_MS = 450;
/** Sockets that are on their way to one sender at a time: more would only wait there for each other. */
const MAX_HANDING = 4;
const BEAT_MS = 500;
/** A sender that has run for so long was no failure. */
const PROVEN_MS = 10_000;
const RETRY = { firstMs: 100, lastMs: 30_000 };
/** Of a client whose sender has ended: it was told nothing. */
const SENDER_ENDED: CloseReason = { code: 1006, reason: "sender process ended" };

/** A client that was let in, and has a socket, but was not answered yet. */
export interface Newcomer {
  readonly client: NewClient;
  readonly socket: Socket;
  readonly head: Buffer;
  /** A sender has it, and is about to answer it. */
  opened(client: ServedClient): void;
  /** No sender takes it in time: it is to be served here. */
  stays(): void;
  /** It is to be asked to come back. */
  refused(): void;
  /** It has hung up. */
  gone(): void;
}

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
  /** Told what the user should know. */
  notice(notice: Sentence): void;
}

interface Handover extends Newcomer {
  sender: Sender | undefined;
  cancelTimeout: () => void;
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
  readonly #backoff = new Backoff(RETRY);
  readonly #retries = new Set<() => void>();
  /** Who waits for a sender, in order; those that are on their way to one, too. */
  readonly #handovers = new Map<string, Handover>();
  readonly #awaiting: (() => void)[] = [];
  #departed: Counts = NO_COUNTS;
  #departedIgnored = 0;
  #unknown = 0;
  #cancelBeat: () => void;
  #isClosed = false;
  /** The user was told that there are none. */
  #wasNoticed = false;

  constructor(options: SenderPoolOptions, context: SenderPoolContext) {
    this.#options = options;
    this.#context = context;
    const { clock, hub } = context;
    this.#feeds = new LogFeeds(hub.store, this.#times, () => clock.now());
    this.#cancelBeat = systemClock.timeout(() => this.#beat(), BEAT_MS);
    for (let count = 0; count < options.senders; count++) this.#start();
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
    const { id } = newcomer.client;
    const cancelTimeout = systemClock.timeout(() => this.#overdue(id), WAITING_MS);
    this.#handovers.set(id, { ...newcomer, sender: undefined, cancelTimeout });
    this.#dispatch();
  }

  /** Clients that wait are refused; nobody is taken any more. */
  refuseAll(): void {
    this.#isClosed = true;
    for (const cancel of this.#retries) cancel();
    for (const id of [...this.#handovers.keys()]) this.#withdraw(id)?.refused();
  }

  async close(): Promise<void> {
    this.refuseAll();
    this.#cancelBeat();
    this.#pump.stop();
    await Promise.all(Array.from(this.#senders, (sender) => sender.stop()));
  }

  #isComplete(): boolean {
    const ready = [...this.#senders].filter(({ isReady }) => isReady);
    return ready.length === this.#options.senders;
  }

  #clients(): RemoteClient[] {
    return Array.from(this.#senders, ({ clients }) => [...clients.values()]).flat();
  }

  #start(): void {
    if (this.#isClosed) return;
    const { senders: _, program = require.resolve("./sender-process"), ...options } = this.#options;
    const { log } = this.#context.hub.store;
    try {
      const feed = new LogFeed(this.#feeds);
      this.#senders.add(new Sender({ options, program, feed, head: () => log.head }, this.#senderListener));
    } catch (error) {
      this.#startLater(error);
    }
    this.#pump.request();
  }

  readonly #senderListener: SenderListener = {
    ready: () => {
      this.#wasNoticed = false;
      if (this.#isComplete()) for (const resolve of this.#awaiting.splice(0)) resolve();
      this.#dispatch();
    },
    reported: (sender, report) => this.#reported(sender, report),
    handed: (sender, client, isTaken) => {
      sender.handing.delete(client);
      this.#handed(sender, client, isTaken);
      this.#dispatch();
    },
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
    for (const sender of [...this.#senders]) sender.beat();
    this.#cancelBeat = systemClock.timeout(() => this.#beat(), BEAT_MS);
  }

  /** The next client goes to the sender with the fewest, of those that have not too many on their way to them. */
  #dispatch(): void {
    for (const [id, handover] of this.#handovers) {
      if (handover.sender !== undefined) continue;
      if (this.#senders.size === 0) {
        this.#withdraw(id)?.stays();
        continue;
      }
      const sender = this.#leastLoaded();
      if (sender === undefined) return;
      if (handover.socket.destroyed) {
        this.#withdraw(id)?.gone();
        continue;
      }
      try {
        sender.hand(handover.client, handover.socket, (error) => sender.end(error));
      } catch {
        this.#withdraw(id)?.stays();
        continue;
      }
      handover.sender = sender;
      sender.handing.add(id);
    }
  }

  #leastLoaded(): Sender | undefined {
    let least: Sender | undefined;
    for (const sender of this.#senders) {
      if (!sender.isReady || sender.handing.size >= MAX_HANDING) continue;
      if (least === undefined || sender.load < least.load) least = sender;
    }
    return least;
  }

  #handed(sender: Sender, id: string, isTaken: boolean): void {
    const isAwaited = this.#handovers.get(id)?.sender === sender;
    const handover = isAwaited ? this.#withdraw(id) : undefined;
    if (handover === undefined || !isTaken || handover.socket.destroyed) {
      if (isTaken) sender.order({ order: "drop", client: id });
      handover?.gone();
      return;
    }
    const { client, socket, head } = handover;
    const { hub, clock } = this.#context;
    const remote = new RemoteClient(client, sender, { since: clock.wallTime(), hub });
    sender.clients.set(id, remote);
    this.#audience.add(client.subscription);
    const early = (socket.read() as Buffer | null) ?? Buffer.alloc(0);
    socket.destroy();
    sender.order({ order: "go", client: id, head: Buffer.concat([head, early]).toString("base64") });
    handover.opened(remote);
  }

  /** One that is on its way may yet be taken: it is given more time, since it can only be asked to come back then. */
  #overdue(id: string, isLast = false): void {
    const handover = this.#handovers.get(id);
    if (handover === undefined) return;
    const { sender } = handover;
    if (sender !== undefined && !isLast) {
      handover.cancelTimeout = systemClock.timeout(() => this.#overdue(id, true), HANDOVER_MS);
      return;
    }
    this.#withdraw(id);
    if (sender === undefined) {
      handover.stays();
      return;
    }
    // A process that has all the files open that it may have does not even say that it did not get one.
    sender.handing.delete(id);
    handover.refused();
  }

  #withdraw(id: string): Handover | undefined {
    const handover = this.#handovers.get(id);
    this.#handovers.delete(id);
    handover?.cancelTimeout();
    return handover;
  }

  #reported(sender: Sender, report: ToldReport): void {
    const { listener } = this.#context;
    if (report.report === "error") {
      listener.failed(new Error(`a sender process: ${report.message}`));
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
    for (const handover of this.#handovers.values()) if (handover.sender === sender) handover.sender = undefined;
    if (sender.wasReady) this.#context.notice(sentence("senders.ended", { reason: error.message }));
    if (sender.wasReady && sender.age > PROVEN_MS) this.#backoff.reset();
    this.#startLater(error, sender.wasReady);
    this.#dispatch();
  }

  #startLater(error: unknown, wasReady = false): void {
    if (this.#isClosed) return;
    if (!wasReady && this.#senders.size === 0 && !this.#wasNoticed) {
      this.#wasNoticed = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#context.notice(sentence("senders.unavailable", { reason }));
    }
    const cancel = systemClock.timeout(() => {
      this.#retries.delete(cancel);
      this.#start();
    }, this.#backoff.next());
    this.#retries.add(cancel);
  }
}
