import { isDeepStrictEqual } from "node:util";
import type { AccessControl } from "../access/access-control";
import { BroadcastServer, type BroadcastServerOptions } from "./broadcast-server";
import { boundHost } from "./endpoint/bound-host";
import { type Endpoint, openEndpoint } from "./endpoint/endpoint";
import type { WebServer } from "./endpoint/shared-server";
import type { TlsMaterial } from "./endpoint/tls-material";

export interface ServerSettings extends BroadcastServerOptions {
  readonly path: string;
  /** `null`: on Node-RED's own web server. */
  readonly port: number | null;
  /** As in `boundHost`. */
  readonly host: string;
  readonly allow: readonly string[];
}

/** Whom a server tells what should not happen: its node. */
export interface Owner {
  error(problem: unknown): void;
}

/** A server together with its address. It may outlive the node that opened it, to pass to that node's successor. */
export class ManagedServer {
  readonly broadcast: BroadcastServer;
  readonly #endpoint: Endpoint;
  readonly #key: unknown;

  constructor(
    settings: ServerSettings,
    tls: TlsMaterial | undefined,
    access: AccessControl,
    private owner: Owner,
    web: WebServer,
  ) {
    this.#key = keyOf(settings, tls, access);
    this.broadcast = new BroadcastServer(settings, (error) => this.owner.error(error), undefined, access);
    this.broadcast.watch((event) => {
      if (event.event === "reachability" && event.unreachableReason !== undefined) {
        this.owner.error(event.unreachableReason);
      }
    });
    this.#endpoint = openEndpoint({ ...settings, host: hostOf(settings, access), tls }, this.broadcast, web);
  }

  /** Whether a server that is opened with these would differ in nothing but in who has access. */
  canReuse(settings: ServerSettings, tls: TlsMaterial | undefined, access: AccessControl): boolean {
    return isDeepStrictEqual(this.#key, keyOf(settings, tls, access));
  }

  /** Goes on for another node. Clients that have no access any more are closed with 4001, and only those. */
  passTo(owner: Owner, access: AccessControl): void {
    this.owner = owner;
    this.broadcast.changeAccess(access).catch((error) => owner.error(error));
    if (this.broadcast.unreachableReason !== undefined) owner.error(this.broadcast.unreachableReason);
  }

  /** Tries again to get its path, now that the flows have changed. */
  retry(): void {
    this.#endpoint.retry();
  }

  /** Resolves when address and clients are gone. */
  async close(): Promise<void> {
    await this.#endpoint.close();
  }
}

function hostOf({ host, allow }: ServerSettings, access: AccessControl): string {
  return boundHost({ host, allow, needsToken: !access.isOpen });
}

function keyOf(settings: ServerSettings, tls: TlsMaterial | undefined, access: AccessControl): unknown {
  return { settings, tls, host: settings.port === null ? "" : hostOf(settings, access) };
}
