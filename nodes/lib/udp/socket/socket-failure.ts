import { type MessageKey, type Sentence, sentence } from "../../text/sentence";
import { UserError } from "../../text/user-error";

interface SocketFailureOptions extends ErrorOptions {
  /** In words that fit a node's status: at most 20 characters. */
  readonly brief: Sentence;
  /** That of the system, such as `EADDRINUSE`, where it gave one. */
  readonly code: string;
}

/** Why a socket cannot receive. */
export class SocketFailure extends UserError {
  readonly brief: Sentence;
  readonly code: string;

  constructor(said: Sentence, { brief, code, ...options }: SocketFailureOptions) {
    super(said, options);
    this.brief = brief;
    this.code = code;
  }
}

/** What is said of an error of the system, by its code: the whole sentence, and that of the status. */
const KNOWN: Readonly<Record<string, readonly [said: MessageKey, brief: MessageKey]>> = {
  EADDRINUSE: ["socket.in-use", "socket.status-in-use"],
  EACCES: ["socket.no-permission", "socket.status-no-permission"],
  EADDRNOTAVAIL: ["socket.no-address", "socket.status-no-address"],
  EAFNOSUPPORT: ["socket.no-family", "socket.status-no-family"],
  SOCKET_ERROR: ["socket.failed", "socket.status-error"],
};

/** @param place what was bound, for example `port 41234 on 127.0.0.1` */
export function socketFailure(cause: unknown, place: Sentence): SocketFailure {
  if (cause instanceof SocketFailure) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "SOCKET_ERROR";
  const [said, brief] = KNOWN[code] ?? ["socket.failed", "socket.status-failed"];
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SocketFailure(sentence(said, { place, reason }), { brief: sentence(brief, { code }), code, cause });
}
