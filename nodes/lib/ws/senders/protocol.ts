import type { CloseReason } from "../clients/close-reasons";
import type { LocalClientsOptions } from "../clients/local-clients";
import type { Counts } from "../hub/counts";
import type { PublishOptions } from "../hub/hub-options";
import type { EncodedPayload } from "../hub/payload";
import type { Subscription } from "../hub/subscription";
import type { PassTime } from "./pass-times";

/** File descriptor of the pipe in a sender; 0 to 2 are as usual, 3 is the channel of `child_process.fork`. */
export const PIPE_FD = 4;

/**
 * What a frame of the pipe holds. The first three are readings: of the log, in order; older ones of the history; the newest
 * of a topic that the log has given up.
 */
export const FRAME = { reading: 1, history: 2, newest: 3, order: 4 } as const;

/** What a client is handed over with, besides its socket: the answer needs no more of its request. */
export interface NewClient {
  readonly id: string;
  readonly address: string;
  readonly subscription: Subscription;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What main tells a sender in order with the readings. */
export type Order =
  /** The first one. @param timesPasses tell how long passes take */
  | { readonly order: "open"; readonly options: LocalClientsOptions; readonly timesPasses: boolean }
  /** From here on follow the readings of the log. */
  | { readonly order: "begin"; readonly seq: number }
  /** To be answered with `ready`. */
  | { readonly order: "ready" }
  /** @param head base64 of what the client has sent already */
  | { readonly order: "go"; readonly client: string; readonly head: string }
  /** The client that was handed over is none: its socket is to be let go. */
  | { readonly order: "drop"; readonly client: string }
  | { readonly order: "close"; readonly client: string; readonly reason: CloseReason }
  | { readonly order: "forget"; readonly topic: string }
  | {
      readonly order: "send";
      readonly client: string;
      readonly question: number;
      readonly topic: string;
      readonly kind: EncodedPayload["kind"];
      /** Base64. */
      readonly body: string;
      readonly options: PublishOptions;
    }
  /** To be answered with `counts` of all clients. */
  | { readonly order: "count"; readonly question: number };

/** What is known of a client as it was last heard of. */
export interface ClientReport {
  readonly client: string;
  readonly counts: Counts;
  readonly ignored: number;
  /** Bytes that wait in its socket. */
  readonly waitingBytes: number;
}

/** What a sender tells main through the pipe. */
export type Report =
  | { readonly report: "ready" }
  | { readonly report: "slow" | "recovered"; readonly of: ClientReport }
  | { readonly report: "left"; readonly of: ClientReport; readonly code: number; readonly reason: string }
  | { readonly report: "counts"; readonly of: readonly ClientReport[] }
  /** Comes before the answer to `count`, too. */
  | { readonly report: "passes"; readonly of: readonly PassTime[] }
  /** The answer to a question: to `count`, when all counts have been told; to `send`, whether it was sent. */
  | { readonly report: "answer"; readonly question: number; readonly answer: boolean }
  | { readonly report: "error"; readonly message: string };

/** What main tells a sender by the channel of `fork`, where sockets go, too. */
export type Call =
  | { readonly call: "take"; readonly client: NewClient }
  /** Follows each `take`, to be answered: a process that has as many files open as it may gets neither the socket nor its `take`. */
  | { readonly call: "confirm"; readonly client: string }
  | { readonly call: "beat" };

/** What a sender answers there. */
export type Reply =
  | { readonly reply: "taken"; readonly client: string }
  /** The socket has not come, and will not. */
  | { readonly reply: "lost"; readonly client: string }
  | { readonly reply: "beat" };
