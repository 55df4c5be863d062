import type { Socket } from "node:net";
import { systemClock } from "../../time/clock";
import type { ServedClient } from "../clients/served-client";
import type { NewClient } from "./protocol";
import type { Sender } from "./sender";

/**
 * How long a client may wait for a sender, and how long it may then be on its way there. Others on a web server end upgrades
 * that stay silent for a second.
 */
const WAITING_MS = 450;
const HANDOVER_MS = 450;
/** Sockets that are on their way to one sender at a time: more would only wait there for each other. */
const MAX_HANDING = 4;

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

interface Handover extends Newcomer {
  sender: Sender | undefined;
  cancelTimeout: () => void;
}

export interface HandoversContext {
  /** Those that run, ready or not. */
  readonly senders: ReadonlySet<Sender>;
  /** A sender has as many files open as it may, and takes no client for a while. */
  full(): void;
  /** A sender has taken a client, and waits for the word to answer it. */
  taken(sender: Sender, newcomer: Newcomer): void;
}

/** Clients on their way to a sender. What passes between processes keeps the system's time. */
export class Handovers {
  readonly #context: HandoversContext;
  /** Who waits for a sender, in order; those that are on their way to one, too. */
  readonly #handovers = new Map<string, Handover>();

  constructor(context: HandoversContext) {
    this.#context = context;
  }

  /** Clients that no sender has taken yet. */
  get size(): number {
    return this.#handovers.size;
  }

  /** Finds a sender for a client, within half a second. */
  take(newcomer: Newcomer): void {
    const { id } = newcomer.client;
    const cancelTimeout = systemClock.timeout(() => this.#overdue(id), WAITING_MS);
    this.#handovers.set(id, { ...newcomer, sender: undefined, cancelTimeout });
    this.dispatch();
  }

  refuseAll(): void {
    for (const id of [...this.#handovers.keys()]) this.#withdraw(id)?.refused();
  }

  /** Those that were on their way to a sender go to others. */
  giveBack(sender: Sender): void {
    for (const handover of this.#handovers.values()) if (handover.sender === sender) handover.sender = undefined;
  }

  /** The next client goes to the sender with the fewest, of those that have not too many on their way to them. */
  dispatch(): void {
    for (const [id, handover] of this.#handovers) {
      if (handover.sender !== undefined) continue;
      if (this.#isInVain()) {
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

  /** There is no sender that a client could wait for. */
  #isInVain(): boolean {
    for (const { isFull } of this.#context.senders) if (!isFull) return false;
    return true;
  }

  #leastLoaded(): Sender | undefined {
    let least: Sender | undefined;
    for (const sender of this.#context.senders) {
      if (!sender.isReady || sender.isFull || sender.handing.size >= MAX_HANDING) continue;
      if (least === undefined || sender.load < least.load) least = sender;
    }
    return least;
  }

  /** What a sender says of a client that it was handed. */
  handed(sender: Sender, id: string, isTaken: boolean): void {
    sender.handing.delete(id);
    const handover = this.#handovers.get(id);
    const isAwaited = handover?.sender === sender;
    if (isAwaited && !handover.socket.destroyed) {
      if (isTaken) {
        this.#withdraw(id);
        this.#context.taken(sender, handover);
      } else {
        handover.sender = undefined;
        sender.isFull = true;
        this.#context.full();
      }
    } else {
      if (isTaken) sender.order({ order: "drop", client: id });
      if (isAwaited) this.#withdraw(id)?.gone();
    }
    this.dispatch();
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
    // It may still take it, so that nobody else can.
    sender.handing.delete(id);
    handover.refused();
  }

  #withdraw(id: string): Handover | undefined {
    const handover = this.#handovers.get(id);
    this.#handovers.delete(id);
    handover?.cancelTimeout();
    return handover;
  }
}
