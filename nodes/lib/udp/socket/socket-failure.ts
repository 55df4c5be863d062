/** Why a socket cannot receive, in a sentence, and in words that fit a node's status. */
export class SocketFailure extends Error {
  override readonly name = "SocketFailure";

  constructor(
    message: string,
    /** At most 20 characters. */
    readonly brief: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** @param endpoint what was bound, for example `port 41234 on 127.0.0.1` */
export function socketFailure(error: unknown, endpoint: string): SocketFailure {
  if (error instanceof SocketFailure) return error;
  const code = codeOf(error);
  switch (code) {
    case "EADDRINUSE":
      return new SocketFailure(`${endpoint} is in use by another socket`, "port in use", code);
    case "EACCES":
      return new SocketFailure(`${endpoint} needs privileges that this process does not have`, "no permission", code);
    case "EADDRNOTAVAIL":
      return new SocketFailure(`${endpoint}: this machine does not have that address`, "no such address", code);
    case "EAFNOSUPPORT":
      return new SocketFailure(`${endpoint}: this machine does not have that address family`, "no such family", code);
    default:
      return new SocketFailure(`${endpoint}: ${error instanceof Error ? error.message : String(error)}`, code, code);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "socket error";
}
