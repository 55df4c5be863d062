import type { IncomingMessage } from "node:http";
import { Server as TlsServer } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import type { AccessControl } from "../access/access-control";
import type { ListenerFigures } from "../metrics/figures";
import { ServerMetrics } from "../metrics/server-metrics";
import type { Sentence } from "../text/sentence";
import { UserError } from "../text/user-error";
import { systemClock } from "../time/clock";
import type { UpgradeGuard } from "./admission/upgrade-guard";
import { BroadcastServer } from "./broadcast-server";
import { boundHost } from "./endpoint/bound-host";
import { openEndpoint, type ServerEndpoint } from "./endpoint/endpoint";
import { nodeRedGuard } from "./endpoint/guards/node-red-guard";
import type { HandleRequest } from "./endpoint/http-handler";
import type { WebServer } from "./endpoint/shared-server";
import type { TlsMaterial } from "./endpoint/tls-material";
import { metricsRequests } from "./metrics-requests";
import { pageAssets } from "./pages/page-assets";
import { NO_TLS } from "./senders/notices";
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
  /** Whether the metrics can be read, by those who may. */
  readonly metrics: boolean;
}

/** All that decides what a server is like. */
export interface ServerPlan {
  readonly settings: ServerSettings;
  readonly tls: TlsMaterial | undefined;
  readonly access: AccessControl;
}

/** What a server is given of the Node-RED that it is in. */
export interface ServerSurroundings {
  readonly web: WebServer;
  /** What the listeners of this Node-RED have counted. */
  listeners(): readonly ListenerFigures[];
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
  readonly #metrics: ServerMetrics | undefined;
  readonly #key: unknown;
  #owner: ServerOwner;

  constructor(plan: ServerPlan, owner: ServerOwner, { web, listeners }: ServerSurroundings) {
    const { settings, tls, access } = plan;
    this.#owner = owner;
    this.#key = keyOf(plan);
    this.host = hostOf(plan);
    const senders = isEncrypted(plan, web) ? 0 : settings.senders;
    if (senders < settings.senders) owner.warn(NO_TLS);
    const onError = (error: unknown): void => this.#owner.error(error);
    const metrics = settings.metrics
      ? new ServerMetrics({ server: () => this.broadcast.figures(), listeners }, systemClock)
      : undefined;
    this.#metrics = metrics;
    this.broadcast = new BroadcastServer(
      { ...settings, senders },
      {
        onError,
        onRefused: (line) => this.#owner.warn(line),
        onNotice: (line) => this.#owner.warn(line),
        access,
        guard: settings.port === null ? this.#guard(web) : undefined,
        onPass: metrics && ((durationMs, waitedMs) => metrics.passed(durationMs, waitedMs)),
        assets: this.#assets(settings, onError),
      },
    );
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
    this.#metrics?.stop();
    await this.#endpoint.close();
  }

  #assets(settings: ServerSettings, onError: (error: unknown) => void): HandleRequest {
    const pages = pageAssets(settings);
    if (this.#metrics === undefined) return pages;
    const refusalOf = (request: IncomingMessage) => this.broadcast.scrapeRefusal(request);
    const metrics = metricsRequests(this.#metrics, { refusalOf, onError });
    return (request, response, path) => metrics(request, response, path) || pages(request, response, path);
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

/** What is encrypted cannot be handed over to a process that does not have the keys of the connection. */
function isEncrypted({ settings, tls }: ServerPlan, { server }: WebServer): boolean {
  return settings.port === null ? server instanceof TlsServer : tls !== undefined;
}

function keyOf(plan: ServerPlan): unknown {
  const { settings, tls } = plan;
  return { settings, tls, host: settings.port === null ? "" : hostOf(plan) };
}
