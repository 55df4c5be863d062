import type { AccessControl } from "../access/access-control";
import type { Sentence } from "../text/sentence";
import type { LoopClock } from "../time/loop-clock";
import type { GatekeeperOptions } from "./admission/gatekeeper";
import type { UpgradeGuard } from "./admission/upgrade-guard";
import type { HandleRequest } from "./endpoint/http-handler";
import type { OnPass } from "./hub/pass-timer";

export interface BroadcastServerOptions extends GatekeeperOptions {
  readonly slow: "skip" | "disconnect";
  /** In ms. */
  readonly maxAge: number;
  readonly logBytes: number;
  /** In seconds. */
  readonly expire: number;
  readonly historyReadings: number;
  readonly historySeconds: number;
  readonly historyBytes: number;
  /** Seconds between pings. */
  readonly heartbeat: number;
  /** Offer clients to compress what they are sent. */
  readonly compress: boolean;
  /** Processes that serve clients; 0: this one does. */
  readonly senders: number;
}

/** What a server is given besides its settings. */
export interface ServerContext {
  /** Told of what should not happen: an error of our own while a client was connecting. */
  readonly onError: (error: unknown) => void;
  /** Given a line for the log about refused clients: of the first of each kind, and now and then. */
  readonly onRefused?: ((line: Sentence) => void) | undefined;
  /** Given a line for the log about what the user should know. */
  readonly onNotice?: ((line: Sentence) => void) | undefined;
  /** Who may read what; default: everybody everything. */
  readonly access?: AccessControl | undefined;
  /** Asked too before a client is let in; default: nobody. */
  readonly guard?: UpgradeGuard | undefined;
  /** Answers plain HTTP requests at and below the path of the server; default: there is nothing. */
  readonly assets?: HandleRequest | undefined;
  /** Told of every pass over the clients that is through. */
  readonly onPass?: OnPass | undefined;
  readonly clock?: LoopClock | undefined;
  /** Path of what sender processes run; default: the program of this package. */
  readonly senderProgram?: string | undefined;
  /** Throws where they would not run what this process does; default: looks at the package's version. */
  readonly checkFiles?: (() => void) | undefined;
}

/** `undefined`: none is kept. */
export function historyBounds({
  historyReadings: readings,
  historySeconds: seconds,
  historyBytes: bytes,
}: BroadcastServerOptions) {
  return readings === 0 && seconds === 0 ? undefined : { readings, seconds, bytes };
}
