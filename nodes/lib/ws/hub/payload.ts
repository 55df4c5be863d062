import { MAX_NESTING } from "../../reading/limits";

/** What a payload becomes on the wire, before it is framed. */
export interface EncodedPayload {
  readonly kind: "text" | "json" | "binary";
  /** For `json`, the JSON text. */
  readonly body: string | Buffer;
}

/** The payload can't be sent. The message is a sentence for the user. */
export class PayloadError extends Error {
  override readonly name = "PayloadError";
  readonly code = "PAYLOAD_INVALID";
}

/**
 * A string is sent as text, a Buffer as binary, any other value as its JSON text.
 * @throws {PayloadError} for what JSON can't say, a cycle, or a value nested deeper than `MAX_NESTING`
 */
export function encodePayload(payload: unknown): EncodedPayload {
  if (typeof payload === "string") return { kind: "text", body: payload };
  if (Buffer.isBuffer(payload)) return { kind: "binary", body: payload };
  let json: string | undefined;
  try {
    json = JSON.stringify(payload);
  } catch (error) {
    throw new PayloadError(`msg.payload can't be written as JSON: ${firstLine(error)}`);
  }
  if (json === undefined) {
    const what = payload === undefined ? "missing" : `a ${typeof payload}`;
    throw new PayloadError(`msg.payload is ${what}: it must be a string, a Buffer or a JSON value`);
  }
  if (mayBeNestedDeeper(json, MAX_NESTING) && isNestedDeeper(payload, MAX_NESTING)) {
    throw new PayloadError(`msg.payload is nested deeper than ${MAX_NESTING} levels`);
  }
  return { kind: "json", body: json };
}

/** Nearly every payload has few brackets, which a search finds out faster than a walk through its values. */
function mayBeNestedDeeper(json: string, levels: number): boolean {
  let brackets = 0;
  for (const bracket of "{[") {
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) {
      if (++brackets > levels) return true;
    }
  }
  return false;
}

function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const key in value) {
    if (isNestedDeeper((value as Record<string, unknown>)[key], levels - 1)) return true;
  }
  return false;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n", 1)[0] ?? "";
}
