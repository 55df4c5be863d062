import type { SecureContextOptions } from "node:tls";
import { ConfigError } from "../../config/fields";
import { sentence } from "../../text/sentence";

/** What a TLS server shows and signs with. */
export type TlsMaterial = Pick<SecureContextOptions, "key" | "cert" | "ca" | "passphrase">;

/** What is used of a `tls-config` node of Node-RED. */
export interface TlsConfigNode {
  addTLSOptions(options: object): TlsMaterial;
}

/**
 * Certificate and key of a `tls-config` node.
 * @param id of the node; empty: no TLS
 * @throws {ConfigError} when there is no such node or it is incomplete: nothing falls back to sending readings in the open
 */
export function tlsMaterialOf(id: string, nodeOf: (id: string) => unknown): TlsMaterial | undefined {
  if (id === "") return undefined;
  const node = nodeOf(id);
  const { key, cert, ca, passphrase } = isTlsConfigNode(node) ? node.addTLSOptions({}) : ({} as TlsMaterial);
  if (key === undefined || cert === undefined) {
    throw new ConfigError("tls", id, sentence("endpoint.accepted-tls"));
  }
  return { key, cert, ...(ca !== undefined && { ca }), ...(passphrase !== undefined && { passphrase }) };
}

function isTlsConfigNode(node: unknown): node is TlsConfigNode {
  return (
    typeof node === "object" && node !== null && "addTLSOptions" in node && typeof node.addTLSOptions === "function"
  );
}
