import { filterError, MAX_FILTERS, MAX_FOREIGN_FILTER_BYTES } from "../../mqtt/topic-filter";
import { decodeQuery, queryParameters } from "../../net/query";
import { quote } from "../../text/quote";
import { sentence } from "../../text/sentence";
import type { HistoryRange } from "../hub/history/reading-history";
import type { Mode, Position, Subscription } from "../hub/subscription";
import { Refusal } from "./refusal";

const MAX_EVERY_MS = 86_400_000;
const MAX_HISTORY = 1_000_000;

/** What a client asks for when its URL does not say. */
export interface UrlDefaults {
  readonly mode: Mode;
  readonly replay: boolean;
}

/**
 * Reads what a client asks for from the query of its URL, for instance `/ws?topic=plant/%2B/temp&mode=latest&every=250`.
 * Its token is none of it: `credentialOf` reads that.
 * Parameters that begin with `_` are ignored.
 * @throws {Refusal} 400 for any other that is unknown, malformed or repeated (only `topic` may be)
 */
export function parseClientUrl(url: string, defaults: UrlDefaults): Subscription {
  const filters = new Set<string>();
  const single = new Map<string, string>();
  for (const { name, encoded } of queryParameters(url)) {
    if (name === undefined) throw new Refusal(400, sentence("admission.malformed-name"));
    // Against caches, as some libraries add them.
    if (name.startsWith("_")) continue;
    if (name === "topic") {
      filters.add(filterOf(decodedValue(name, encoded)));
      if (filters.size > MAX_FILTERS) {
        throw new Refusal(400, sentence("admission.too-many-filters", { max: MAX_FILTERS }));
      }
    } else if (!SINGLE.has(name)) {
      throw unknownParameter(name);
    } else if (single.has(name)) {
      throw new Refusal(400, sentence("admission.repeated-parameter", { name }));
    } else {
      single.set(name, name === "token" ? "" : decodedValue(name, encoded));
    }
  }
  return {
    filters: [...filters],
    granted: undefined,
    mode: modeOf(single.get("mode")) ?? defaults.mode,
    every: everyOf(single.get("every")) ?? 0,
    envelope: envelopeOf(single.get("envelope")),
    batch: batchOf(single.get("batch")),
    since: sinceOf(single.get("since")),
    replay: defaults.replay,
    history: historyOf(single.get("history")),
  };
}

const SINGLE: ReadonlySet<string> = new Set(["mode", "every", "envelope", "batch", "since", "history", "token"]);

/** Somebody may have forgotten `token=` before a token. */
function unknownParameter(name: string): Refusal {
  const accepted = ["topic", ...SINGLE].join(", ");
  const reported = sentence("admission.unknown-parameter-unnamed", { accepted });
  return new Refusal(400, sentence("admission.unknown-parameter", { name: quote(name), accepted }), { reported });
}

/** The message does not repeat the value. */
function decodedValue(name: string, encoded: string): string {
  const value = decodeQuery(encoded, "space");
  if (value === undefined) throw new Refusal(400, sentence("admission.malformed-value", { name: quote(name) }));
  return value;
}

/** A level that is one space can only be a `+` that was not written as `%2B`: the mistake everybody makes once. */
function filterOf(value: string): string {
  const filter = value.includes(" ") ? value.replace(/(?<=^|\/) (?=\/|$)/g, "+") : value;
  if (Buffer.byteLength(filter) > MAX_FOREIGN_FILTER_BYTES) {
    throw new Refusal(400, sentence("admission.filter-too-long", { max: MAX_FOREIGN_FILTER_BYTES }));
  }
  const wrong = filterError(filter);
  if (wrong === undefined) return filter;
  throw new Refusal(400, sentence("admission.filter-not-valid", { filter: quote(filter), wrong }));
}

function modeOf(value: string | undefined): Mode | undefined {
  if (value === undefined || value === "stream" || value === "latest") return value;
  throw new Refusal(400, sentence("admission.mode", { value: quote(value) }));
}

function everyOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,8}$/.test(value) && Number(value) <= MAX_EVERY_MS) return Number(value);
  throw new Refusal(400, sentence("admission.every", { max: MAX_EVERY_MS, value: quote(value) }));
}

function envelopeOf(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === "0" || value === "1") return value === "1";
  throw new Refusal(400, sentence("admission.envelope", { value: quote(value) }));
}

function batchOf(value: string | undefined): boolean {
  if (value === undefined) return false;
  if (value === "json") return true;
  throw new Refusal(400, sentence("admission.batch", { value: quote(value) }));
}

/** So many readings of each topic, or those of so many seconds: `500`, `60s`; also minutes and hours: `5m`, `2h`. */
function historyOf(value: string | undefined): HistoryRange | undefined {
  if (value === undefined) return undefined;
  const [, digits, unit = ""] = /^(\d{1,7})([smh]?)$/.exec(value) ?? [];
  const number = Number(digits);
  if (digits === undefined || number === 0 || number > MAX_HISTORY) {
    throw new Refusal(400, sentence("admission.history", { max: MAX_HISTORY, value: quote(value) }));
  }
  return unit === "" ? { readings: number } : { seconds: number * (SECONDS_IN[unit] ?? 1) };
}

const SECONDS_IN: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

function sinceOf(value: string | undefined): Position | undefined {
  if (value === undefined) return undefined;
  const [, epoch, seq] = /^([\w-]{1,64})\.(\d{1,16})$/.exec(value) ?? [];
  if (epoch === undefined || !Number.isSafeInteger(Number(seq))) {
    throw new Refusal(400, sentence("admission.since", { value: quote(value) }));
  }
  return { epoch, seq: Number(seq) };
}
