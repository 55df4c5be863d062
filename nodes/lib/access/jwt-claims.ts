import { filterError, MAX_FILTERS, MAX_FOREIGN_FILTER_BYTES } from "../mqtt/topic-filter";
import { MAX_NAME_CHARACTERS } from "./grant";

/**
 * The topic filters that a claim grants: an array of them, or one text with spaces between.
 * @returns `undefined` when there is none, or any is not valid
 */
export function grantedFilters(payload: object, claim: string): readonly string[] | undefined {
  const value: unknown = Object.hasOwn(payload, claim) ? Reflect.get(payload, claim) : undefined;
  const filters: unknown[] | undefined =
    typeof value === "string" ? value.split(" ").filter(Boolean) : Array.isArray(value) ? value : undefined;
  if (filters === undefined || filters.length === 0 || filters.length > MAX_FILTERS) return undefined;
  return filters.every(isFilter) ? [...new Set(filters)] : undefined;
}

/** The subject, as far as it can be shown. */
export function subjectOf({ sub }: { readonly sub?: unknown }): string {
  const shown = typeof sub === "string" ? sub.replace(/[^\P{C}]/gu, "").slice(0, MAX_NAME_CHARACTERS) : "";
  return shown === "" ? "JSON Web Token" : shown;
}

function isFilter(value: unknown): value is string {
  if (typeof value !== "string" || Buffer.byteLength(value) > MAX_FOREIGN_FILTER_BYTES) return false;
  return filterError(value) === undefined;
}
