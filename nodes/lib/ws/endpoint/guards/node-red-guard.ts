import { sentence } from "../../../text/sentence";
import type { Clock } from "../../../time/clock";
import { Refusal } from "../../admission/refusal";
import type { UpgradeGuard } from "../../admission/upgrade-guard";
import { type BasicAuthSettings, basicAuthGuard } from "./basic-auth-guard";
import { type ExpressPrototypes, type Middleware, middlewareGuard } from "./middleware-guard";
import { type VerifyClient, verifyClientGuard } from "./verify-client-guard";

/** Others on the same web server end upgrades that stay unanswered for a second. */
const TIMEOUT_MS = 500;
/** A mistake in the settings shows with every client: it is reported again only after so long. */
const QUIET_MS = 600_000;

/** The settings of Node-RED that protect what its web server has of flows. */
export interface ProtectionSettings {
  /** `{user, pass}`, or one or several functions as Express takes them. */
  readonly httpNodeAuth?: unknown;
  /** As `ws` takes it. */
  readonly webSocketNodeVerifyClient?: unknown;
}

export interface GuardContext {
  readonly clock: Clock;
  /** Told of what the functions throw. */
  onError(error: unknown): void;
  /** `RED.httpNode`: functions rely on what Express adds. */
  readonly prototypes?: ExpressPrototypes | undefined;
}

/** Whether anything is set that protects. */
export function isProtected({ httpNodeAuth, webSocketNodeVerifyClient }: ProtectionSettings): boolean {
  return Boolean(httpNodeAuth || webSocketNodeVerifyClient);
}

/** Asks whom Node-RED would ask; `undefined` when that is nobody. Where it cannot be told, nobody comes in. */
export function nodeRedGuard(settings: ProtectionSettings, context: GuardContext): UpgradeGuard | undefined {
  const { httpNodeAuth, webSocketNodeVerifyClient } = settings;
  const guards: UpgradeGuard[] = [];
  if (httpNodeAuth) guards.push(authGuard(httpNodeAuth, context));
  if (typeof webSocketNodeVerifyClient === "function") {
    guards.push(verifyClientGuard(webSocketNodeVerifyClient as VerifyClient));
  }
  if (guards.length === 0) return undefined;
  const quiet = { ...context, onError: sparingly(context) };
  return (request, address) => inTime(firstRefusal(guards, request, address), quiet);
}

function authGuard(httpNodeAuth: unknown, { clock, prototypes = {} }: GuardContext): UpgradeGuard {
  if (typeof httpNodeAuth === "function") return middlewareGuard([httpNodeAuth as Middleware], prototypes);
  if (Array.isArray(httpNodeAuth)) return middlewareGuard(httpNodeAuth.flat() as Middleware[], prototypes);
  if (isBasicAuth(httpNodeAuth)) return basicAuthGuard(httpNodeAuth, clock);
  return async () => unanswered();
}

function isBasicAuth(value: unknown): value is BasicAuthSettings {
  const { user, pass } = value as Partial<Record<string, unknown>>;
  return typeof user === "string" && typeof pass === "string";
}

async function firstRefusal(
  guards: readonly UpgradeGuard[],
  ...asked: Parameters<UpgradeGuard>
): Promise<Refusal | undefined> {
  for (const guard of guards) {
    const refusal = await guard(...asked);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

async function inTime(
  answer: Promise<Refusal | undefined>,
  { clock, onError }: GuardContext,
): Promise<Refusal | undefined> {
  let stopTimer: (() => void) | undefined;
  const timeout = new Promise<Refusal>((resolve) => {
    stopTimer = clock.timeout(() => resolve(unanswered()), TIMEOUT_MS);
  });
  try {
    return await Promise.race([answer, timeout]);
  } catch (error) {
    onError(error);
    return unanswered();
  } finally {
    stopTimer?.();
  }
}

function sparingly({ clock, onError }: GuardContext): (error: unknown) => void {
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (clock.now() - reportedAt < QUIET_MS) return;
    reportedAt = clock.now();
    onError(error);
  };
}

function unanswered(): Refusal {
  return new Refusal(503, sentence("guards.unanswered"), { headers: { "Retry-After": "1" } });
}
