import type { Clock } from "../time/clock";
import { inSlices } from "../time/in-slices";
import { runAt } from "../time/run-at";
import type { AcceptedClient } from "./admission/admission";
import { type CloseReason, TOKEN_NO_LONGER_VALID } from "./clients/close-reasons";
import type { ServedClient } from "./clients/served-client";
import { infoOf, type Member } from "./member";
import type { Watchers } from "./watchers";

export interface RosterContext {
  readonly watchers: Watchers;
  readonly clock: Clock;
  /** A client has left: its place is free. */
  left(accepted: AcceptedClient): void;
}

/** The clients of a server, wherever they are served. Tells the watchers who comes and goes; ends who shows a token that expires. */
export class Roster {
  readonly #members = new Map<string, Member>();
  readonly #context: RosterContext;
  #emptied: (() => void) | undefined;

  constructor(context: RosterContext) {
    this.#context = context;
  }

  /** By their ids. */
  get members(): ReadonlyMap<string, Member> {
    return this.#members;
  }

  add(client: ServedClient, accepted: AcceptedClient): void {
    const { id } = client;
    const { grant } = accepted;
    const expire = (): void => {
      this.disconnect(id, TOKEN_NO_LONGER_VALID);
    };
    const stopExpiry = grant?.expiresAt === undefined ? undefined : runAt(grant.expiresAt, expire, this.#context.clock);
    const member = { client, accepted, stopExpiry };
    this.#members.set(id, member);
    this.#context.watchers.tell({ event: "connected", ...infoOf(member) });
  }

  remove(id: string, { code, reason }: CloseReason): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    this.#members.delete(id);
    member.stopExpiry?.();
    this.#context.left(member.accepted);
    this.#context.watchers.tell({ event: "left", code, reason, ...infoOf(member) });
    if (this.#members.size === 0) this.#emptied?.();
  }

  tell(event: "slow" | "recovered", id: string): void {
    const member = this.#members.get(id);
    if (member !== undefined) this.#context.watchers.tell({ event, ...infoOf(member) });
  }

  /** @returns false when there is no such client */
  disconnect(id: string, reason: CloseReason): boolean {
    const member = this.#members.get(id);
    if (member === undefined) return false;
    member.client.close(reason);
    return true;
  }

  async disconnectAll(chosen: (member: Member) => boolean, reason: CloseReason): Promise<void> {
    await inSlices([...this.#members], ([id, member]) => {
      if (chosen(member)) this.disconnect(id, reason);
    });
  }

  /** Resolves when nobody is left. */
  async emptied(): Promise<void> {
    if (this.#members.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
  }
}
