import type { SocketType } from "node:dgram";
import type { MessagePort } from "node:worker_threads";

/** What both ends know from the start of the thread. */
export interface ThreadData {
  /** Written by the thread once the answer to a call lies in `answers`: the number of that call. */
  readonly answered: SharedArrayBuffer;
  readonly answers: MessagePort;
  /** Counted up, and notified, by the thread when a ring is no longer empty: there sooner than a message (70 µs for 100). */
  readonly wakes: SharedArrayBuffer;
}

/** The methods of a `dgram.Socket` that answer at once, or throw, and `bind`, which here does so too. */
export type CalledMethod =
  | "bind"
  | "addMembership"
  | "dropMembership"
  | "addSourceSpecificMembership"
  | "dropSourceSpecificMembership"
  | "setRecvBufferSize"
  | "getRecvBufferSize";

export interface BindOptions {
  readonly port: number;
  readonly address?: string;
  readonly exclusive: boolean;
}

/** What the main thread asks for. `socket`: number of the socket, given by `open`. */
export type Order = { readonly socket: number } & (
  | {
      readonly order: "open";
      readonly options: { readonly type: SocketType; readonly reuseAddr: boolean; readonly ipv6Only: boolean };
      readonly ring: SharedArrayBuffer;
    }
  | { readonly order: "call"; readonly call: number; readonly method: CalledMethod; readonly parameters: unknown[] }
  | { readonly order: "close" }
);

/** What happened on the thread. */
export type Happening = { readonly socket: number } & (
  | { readonly event: "error"; readonly error: PlainError }
  /** The last that is heard of a socket. */
  | { readonly event: "close" }
);

export interface Answer {
  readonly result?: unknown;
  readonly error?: PlainError;
}

/** What is left of an error of the system on the way between threads. */
export interface PlainError {
  readonly message: string;
  readonly code?: string;
}

export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { message: String(error) };
  return { message: error.message, ...("code" in error && { code: String(error.code) }) };
}

export function errorOf({ message, code }: PlainError): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}
