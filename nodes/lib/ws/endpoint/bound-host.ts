const LOOPBACK = "127.0.0.1";

/** What decides where a port of its own is opened when no address is set. */
export interface BoundHostOptions {
  /** Address to bind; empty: all addresses if clients are restricted, else this machine only. */
  readonly host: string;
  /** Clients need a token. */
  readonly needsToken: boolean;
  /** Addresses that clients may have; empty: any. */
  readonly allow: readonly string[];
}

/** The address that a server of its own binds; empty: all. Runs in the editor too. */
export function boundHost({ host, needsToken, allow }: BoundHostOptions): string {
  return host === "" && !needsToken && allow.length === 0 ? LOOPBACK : host;
}

/** @returns a sentence about what others can reach and read; `undefined` when nothing is worth a warning */
export function exposureWarning(options: BoundHostOptions & { readonly port: number; readonly isTls: boolean }) {
  const host = boundHost(options);
  if (isLoopback(host)) return undefined;
  const { port, needsToken, allow, isTls } = options;
  const where = `port ${port} is open on ${isAnyAddress(host) ? "all addresses of this machine" : host}`;
  const readers = allow.length === 0 ? "everybody who can reach it" : `everybody at ${allow.join(", ")}`;
  if (!needsToken)
    return `${where}: ${readers} can read every topic without a token${isTls ? "" : ", and without TLS"}`;
  return isTls ? undefined : `${where} without TLS: tokens and readings can be read on their way`;
}

export function isAnyAddress(host: string): boolean {
  return host === "" || host === "0.0.0.0" || host === "::";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
