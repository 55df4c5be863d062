import { WINDOW_BITS } from "../hub/compression/deflater";

/**
 * How `ws` answers an offer, and how it takes compressed messages of a client: each by itself, within the limits of all
 * messages. It never compresses what it sends: that is the hub's business.
 */
export const DEFLATE = {
  serverMaxWindowBits: WINDOW_BITS,
  clientNoContextTakeover: true,
  zlibInflateOptions: { chunkSize: 1024 },
};

const NAME = "permessage-deflate";
const MAX_WINDOW_BITS = 15;

/**
 * Of the extensions in a `Sec-WebSocket-Extensions` header, the first offer of permessage-deflate (RFC 7692, section 7.1) that lets
 * clients share one compressed stream; `undefined`: there is none. One that is malformed is none either: a client can do
 * without.
 * @returns it without what need not be answered
 */
export function acceptableOffer(header: string | undefined): string | undefined {
  for (const extension of header?.split(",") ?? []) {
    const [name, ...parameters] = extension.split(";").map((part) => part.trim());
    if (name !== NAME) continue;
    const offer = readParameters(parameters);
    if (offer === undefined) continue;
    const serverBits = offer.get("server_max_window_bits");
    if (offer.has("server_no_context_takeover") || Number(serverBits ?? MAX_WINDOW_BITS) < WINDOW_BITS) continue;
    return offer.has("client_max_window_bits") ? `${NAME}; client_max_window_bits` : NAME;
  }
  return undefined;
}

/** @returns `undefined` if one is unknown, repeated, or has a value that it must not have */
function readParameters(parameters: readonly string[]): Map<string, string | undefined> | undefined {
  const read = new Map<string, string | undefined>();
  for (const parameter of parameters) {
    const [, name = "", quoted, bare] = /^([\w-]+)(?:\s*=\s*(?:"(\d+)"|(\d+)))?$/.exec(parameter) ?? [];
    const value = quoted ?? bare;
    if (read.has(name) || !isGood(name, value)) return undefined;
    read.set(name, value);
  }
  return read;
}

function isGood(name: string, value: string | undefined): boolean {
  switch (name) {
    case "server_no_context_takeover":
    case "client_no_context_takeover":
      return value === undefined;
    case "server_max_window_bits":
      return isWindow(value);
    case "client_max_window_bits":
      return value === undefined || isWindow(value);
    default:
      return false;
  }
}

function isWindow(value: string | undefined): boolean {
  return value !== undefined && /^(?:[89]|1[0-5])$/.test(value);
}
