import { isLoopback } from "../../net/ip-address";
import { type Sentence, sentence } from "../../text/sentence";

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

/** What others can reach and read; `undefined` when nothing is worth a warning. */
export function exposureWarning(
  options: BoundHostOptions & { readonly port: number; readonly isTls: boolean },
): Sentence | undefined {
  const host = boundHost(options);
  if (isLoopbackHost(host)) return undefined;
  const { port, needsToken, allow, isTls } = options;
  const where = sentence("endpoint.open-port", { port, host: shownHost(host) });
  if (needsToken) return isTls ? undefined : sentence("endpoint.tokens-without-tls", { where });
  return sentence(isTls ? "endpoint.exposed" : "endpoint.exposed-without-tls", { where, readers: readersOf(allow) });
}

/** The same of a path of Node-RED's own web server. @param options.host that it is bound to; empty: all addresses */
export function sharedExposureWarning({
  host,
  path,
  needsToken,
  allow,
}: Omit<BoundHostOptions, "host"> & { readonly host: string; readonly path: string }): Sentence | undefined {
  if (needsToken || isLoopbackHost(host)) return undefined;
  const where = sentence("endpoint.open-path", { path, host: shownHost(host) });
  return sentence("endpoint.exposed", { where, readers: readersOf(allow) });
}

function readersOf(allow: readonly string[]): Sentence {
  return allow.length === 0
    ? sentence("endpoint.everybody")
    : sentence("endpoint.everybody-at", { addresses: allow.join(", ") });
}

function shownHost(host: string): string | Sentence {
  return isAnyAddress(host) ? sentence("endpoint.open-all-addresses") : host;
}

export function isAnyAddress(host: string): boolean {
  return host === "" || host === "0.0.0.0" || host === "::";
}

function isLoopbackHost(host: string): boolean {
  return host === "localhost" || isLoopback(host);
}
