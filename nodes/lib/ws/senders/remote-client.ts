import type { CloseReason } from "../clients/close-reasons";
import type { Progress, ServedClient } from "../clients/served-client";
import { type Counts, NO_COUNTS } from "../hub/counts";
import type { Hub } from "../hub/hub";
import type { PublishOptions, TargetedMessage } from "../hub/hub-options";
import type { Subscription } from "../hub/subscription";
import type { ClientReport, NewClient, Order } from "./protocol";

/** How a client's sender is told what to do. */
export interface SenderLink {
  order(order: Order): void;
  /** Resolves with false when the sender has ended, or has too much to do already. */
  ask(question: (number: number) => Order): Promise<boolean>;
}

/** A client that is served by another process. What is known of it is what was last heard. */
export class RemoteClient implements ServedClient {
  readonly id: string;
  readonly address: string;
  readonly since: number;
  readonly subscription: Subscription;
  /** Once it has, its owner knows it no more. */
  readonly hasLeft = false;
  readonly #link: SenderLink;
  readonly #hub: Hub;
  #report: ClientReport;
  #isUnknown = false;

  /** @param since in ms since the epoch @param hub the one that the replicas are of */
  constructor({ id, address, subscription }: NewClient, link: SenderLink, { since, hub }: { since: number; hub: Hub }) {
    this.id = id;
    this.address = address;
    this.subscription = subscription;
    this.since = since;
    this.#link = link;
    this.#hub = hub;
    this.#report = { client: id, counts: NO_COUNTS, ignored: 0, waitingBytes: 0 };
  }

  get ignored(): number {
    return this.#report.ignored;
  }

  /** Its sender has ended: what became of readings since it was last heard of is not known. */
  get isUnknown(): boolean {
    return this.#isUnknown;
  }

  counts(): Counts {
    return this.#report.counts;
  }

  progress(): Progress {
    const { counts, waitingBytes } = this.#report;
    const { delivered, dropped, conflated, pending } = counts;
    return { delivered, dropped, conflated, pending, waitingBytes };
  }

  sendTo({ topic, payload }: TargetedMessage, options: PublishOptions): Promise<boolean> {
    this.#hub.check(payload);
    const { kind, body } = payload;
    const encoded = (typeof body === "string" ? Buffer.from(body) : body).toString("base64");
    const client = this.id;
    return this.#link.ask((question) => ({
      order: "send",
      client,
      question,
      topic,
      kind,
      body: encoded,
      options,
    }));
  }

  close(reason: CloseReason): void {
    this.#link.order({ order: "close", client: this.id, reason });
  }

  /** For the pool only, as what follows. */
  heard(report: ClientReport): void {
    this.#report = report;
  }

  lost(): void {
    this.#isUnknown = true;
  }
}
