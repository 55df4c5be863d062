import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

/** One file that is served, as it is sent. */
export class Asset {
  readonly #body: Buffer;
  readonly #gzipped: Buffer;
  readonly #tag: string;
  readonly #headers: OutgoingHttpHeaders;

  /** @throws what `readFileSync` throws */
  constructor(file: string, headers: OutgoingHttpHeaders) {
    this.#body = readFileSync(file);
    this.#gzipped = gzipSync(this.#body);
    this.#tag = createHash("sha256").update(this.#body).digest("base64url").slice(0, 22);
    this.#headers = headers;
  }

  /** Answers GET and HEAD, and with 304 to who has it already. Source: RFC 9110, sections 8.8.3 and 13.1.2. */
  send({ method, headers }: IncomingMessage, response: ServerResponse): void {
    const isGzipped = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(headers["accept-encoding"] ?? ""));
    // Each encoding is a representation of its own.
    const tag = `"${this.#tag}${isGzipped ? "-gzip" : ""}"`;
    const all: OutgoingHttpHeaders = {
      ...this.#headers,
      ETag: tag,
      // Kept, but asked for each time whether it is still the same: after an update it may not be.
      "Cache-Control": "no-cache",
      Vary: "Accept-Encoding",
      "X-Content-Type-Options": "nosniff",
    };
    if (holdsTag(headers["if-none-match"], tag)) {
      response.writeHead(304, all).end();
      return;
    }
    const body = isGzipped ? this.#gzipped : this.#body;
    if (isGzipped) all["Content-Encoding"] = "gzip";
    response.writeHead(200, { ...all, "Content-Length": body.length });
    response.end(method === "HEAD" ? undefined : body);
  }
}

function holdsTag(list: string | undefined, tag: string): boolean {
  if (list === undefined) return false;
  return list.split(",").some((item) => item.trim() === "*" || item.trim().replace(/^W\//, "") === tag);
}
