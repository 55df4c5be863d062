import { isDeepStrictEqual } from "node:util";
import type { AccessControl } from "../access/access-control";
import type { Sentence } from "../text/sentence";
import { UserError } from "../text/user-error";
import { systemClock } from "../time/clock";
import type { UpgradeGuard } from "./admission/upgrade-guard";
import { BroadcastServer } from "./broadcast-server";
import { boundHost } from "./endpoint/bound-host";
import { openEndpoint, type ServerEndpoint } from "./endpoint/endpoint";
import { nodeRedGuard } from "./endpoint/guards/node-red-guard";
import type { WebServer } from "./endpoint/shared-server";
import type { TlsMaterial } from "./endpoint/tls-material";
import { pageAssets } from "./pages/page-assets";
import type { BroadcastServerOptions } from "./server-options";

export interface ServerSettings extends BroadcastServerOptions {
  readonly path: string;
  /** `null`: on Node-RED's own web server. */
  readonly port: number | null;
  /** As in `boundHost`. */
  readonly host: string;
  readonly allow: readonly string[];
  /** Whether browsers get a page that shows everything. */
  readonly livePage: boolean;
}

/** All that decides what a server is like. */
export interface ServerPlan {
  readonly settings: ServerSettings;
  readonly tls: TlsMaterial | undefined;
  readonly access: AccessControl;
}

/** Whom a server tells what its user should know: its node. */
export interface ServerOwner {
  warn(warning: Sentence): void;
  /** @param problem a `UserError`, or an error of our own */
  error(problem: unknown): void;
}

/** Clients cannot reach a server. */
export class UnreachableError extends UserError {
  readonly code = "NOT_REACHABLE";
}

/** A server together with its address. It may outlive the node that opened it, to pass to that node's successor. */
export class ManagedServer {
  readonly broadcast: BroadcastServer;
  /** What a server of its own binds, as in `boundHost`. */
  readonly host: string;
  readonly #endpoint: ServerEndpoint;
  readonly #key: unknown;
  #owner: ServerOwner;

  constructor(plan: ServerPlan, owner: ServerOwner, web: WebServer) {
    const { settings, tls, access } = plan;
    this.#owner = owner;
    this.#key = keyOf(plan);
    this.host = hostOf(plan);
    this.broadcast = new BroadcastServer(settings, {
      onError: (error) => this.#owner.error(error),
      onRefused: (line) => this.#owner.warn(line),
      access,
      guard: settings.port === null ? this.#guard(web) : undefined,
      assets: pageAssets(settings),
    });
    this.broadcast.watch((event) => {
      if (event.event === "reachability") this.#reportReachability();
    });
    this.#endpoint = openEndpoint({ ...settings, host: this.host, tls }, this.broadcast, web);
  }

  /** Whether a server of another plan would differ in nothing but in who has access. */
  canReuse(plan: ServerPlan): boolean {
    return isDeepStrictEqual(this.#key, keyOf(plan));
  }

  /** Goes on for another node. Clients that have no access any more are closed with 4001, and only those. */
  passTo(owner: ServerOwner, access: AccessControl): void {
    this.#owner = owner;
    this.broadcast.changeAccess(access).catch((error) => owner.error(error));
    this.#reportReachability();
  }

  /** Tries again to get its path, now that the flows have changed. */
  retry(): void {
    this.#endpoint.retry();
  }

  /** Resolves when address and clients are gone. */
  async close(): Promise<void> {
    await this.#endpoint.close();
  }

  /** A port of its own is not Node-RED's to protect. */
  #guard({ settings, httpNode }: WebServer): UpgradeGuard | undefined {
    const onError = (error: unknown): void => this.#owner.error(error);
    return nodeRedGuard(settings, { clock: systemClock, onError, prototypes: httpNode });
  }

  #reportReachability(): void {
    const { unreachableReason } = this.broadcast;
    if (unreachableReason !== undefined) this.#owner.error(new UnreachableError(unreachableReason));
  }
}

function hostOf({ settings: { host, allow }, access }: ServerPlan): string {
  return boundHost({ host, allow, needsToken: !access.isOpen });
}

function keyOf(plan: ServerPlan): unknown {
  const { settings, tls } = plan;
  return { settings, tls, host: settings.port === null ? "" : hostOf(plan) };
}
