import { filterError } from "../../mqtt/topic-filter";
import type { Position, Subscription } from "../hub/subscription";
import { Refusal } from "./refusal";

const MAX_FILTERS = 64;
const MAX_FILTER_BYTES = 1024;
const MAX_EVERY_MS = 86_400_000;

/** What a client asks for when its URL does not say. */
export interface UrlDefaults {
  readonly mode: "stream" | "latest";
  readonly replay: boolean;
}

/**
 * Reads what a client asks for from the query of a client's URL, for instance `/ws?topic=plant/%2B/temp&mode=latest&every=250`.
 * Its token is none of it: `credentialOf` reads that.
 * @throws {Refusal} 400 for a parameter that is unknown, malformed or repeated (only `topic` may be)
 */
export function parseClientUrl(url: string, defaults: UrlDefaults): Subscription {
  const filters = new Set<string>();
  const single = new Map<string, string>();
  for (const [name, value] of parameters(url)) {
    if (name === "topic") {
      filters.add(filterOf(value));
      if (filters.size > MAX_FILTERS) throw new Refusal(400, `topic may be repeated at most ${MAX_FILTERS} times`);
    } else if (!SINGLE.has(name)) {
      throw new Refusal(400, `unknown parameter ${quote(name)}: accepted are topic, ${[...SINGLE].join(", ")}`);
    } else if (single.has(name)) {
      throw new Refusal(400, `${name} may be given only once`);
    } else {
      single.set(name, value);
    }
  }
  return {
    filters: [...filters],
    granted: undefined,
    mode: modeOf(single.get("mode")) ?? defaults.mode,
    every: everyOf(single.get("every")) ?? 0,
    envelope: envelopeOf(single.get("envelope")),
    since: sinceOf(single.get("since")),
    replay: defaults.replay,
  };
}

const SINGLE: ReadonlySet<string> = new Set(["mode", "every", "envelope", "since", "token"]);

function* parameters(url: string): Iterable<[name: string, value: string]> {
  const start = url.indexOf("?");
  if (start === -1) return;
  for (const parameter of url.slice(start + 1).split("&")) {
    if (parameter === "") continue;
    const equals = parameter.indexOf("=");
    const name = decode(equals === -1 ? parameter : parameter.slice(0, equals), "a name");
    if (name === "token") yield [name, ""];
    else yield [name, equals === -1 ? "" : decode(parameter.slice(equals + 1), quote(name))];
  }
}

/**
 * As in a form, `+` is a space.
 * @param what for the message, which does not repeat the value
 */
function decode(encoded: string, what: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    throw new Refusal(400, `the query has a malformed percent-encoding in ${what}`);
  }
}

/** A level that is one space can only be a `+` that was not written as `%2B`: the mistake everybody makes once. */
function filterOf(value: string): string {
  const filter = value.replace(/(?<=^|\/) (?=\/|$)/g, "+");
  if (Buffer.byteLength(filter) > MAX_FILTER_BYTES) {
    throw new Refusal(400, `a topic filter may have at most ${MAX_FILTER_BYTES} bytes`);
  }
  const wrong = filterError(filter);
  if (wrong !== undefined) throw new Refusal(400, `the topic filter ${quote(filter)} is not valid: ${wrong}`);
  return filter;
}

function modeOf(value: string | undefined): "stream" | "latest" | undefined {
  if (value === undefined || value === "stream" || value === "latest") return value;
  throw new Refusal(400, `mode must be stream or latest, not ${quote(value)}`);
}

function everyOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,8}$/.test(value) && Number(value) <= MAX_EVERY_MS) return Number(value);
  throw new Refusal(400, `every must be a whole number of milliseconds from 0 to ${MAX_EVERY_MS}, not ${quote(value)}`);
}

function envelopeOf(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === "0" || value === "1") return value === "1";
  throw new Refusal(400, `envelope must be 0 or 1, not ${quote(value)}`);
}

function sinceOf(value: string | undefined): Position | undefined {
  if (value === undefined) return undefined;
  const [, epoch, seq] = /^([\w-]{1,64})\.(\d{1,16})$/.exec(value) ?? [];
  if (epoch === undefined || !Number.isSafeInteger(Number(seq))) {
    throw new Refusal(400, `since must be EPOCH.SEQ as received before, not ${quote(value)}`);
  }
  return { epoch, seq: Number(seq) };
}

function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}
