import type { PageRequest } from "../live/name-index";

const MAX_SEARCH_CHARACTERS = 200;
const MAX_PAGE = 1_000_000;

/** The page that a query asks for, such as `?topics=2&topicSearch=attic&topicBy=rate`. */
export function pageQuery(query: Readonly<Record<string, unknown>>, table: "topic" | "client"): PageRequest {
  const page = Number(query[`${table}s`]);
  return {
    page: Number.isInteger(page) && page > 0 ? Math.min(page, MAX_PAGE) : 0,
    search: textOf(query[`${table}Search`]),
    by: textOf(query[`${table}By`]),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, MAX_SEARCH_CHARACTERS) : "";
}
