import { MAX_NESTING } from "../../reading/limits";
import { sentence } from "../../text/sentence";
import { UserError } from "../../text/user-error";

/** What a payload becomes on the wire, before it is framed. */
export interface EncodedPayload {
  readonly kind: "text" | "json" | "binary";
  /** For `json`, the JSON text. */
  readonly body: string | Buffer;
}

/** The payload can't be sent. */
export class PayloadError extends UserError {
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
    throw new PayloadError(sentence("broadcast.no-json", { reason: firstLine(error) }), { cause: error });
  }
  if (json === undefined) {
    throw new PayloadError(
      payload === undefined
        ? sentence("broadcast.no-payload")
        : sentence("broadcast.wrong-type", { type: typeof payload }),
    );
  }
  if (mayBeNestedDeeper(json, MAX_NESTING) && isNestedDeeper(payload, MAX_NESTING)) {
    throw new PayloadError(sentence("broadcast.nested", { levels: MAX_NESTING }));
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
