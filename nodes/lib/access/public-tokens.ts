import { usesEnvironment } from "../config/environment";
import { AccessError } from "./errors";
import { parseTokens } from "./token-list";
import { sha256Of } from "./token-set";

/** A saved token as the editor may show it: without its text. Saved back like this, it stays what it is. */
export interface PublicToken {
  readonly name: string;
  readonly sha256?: string;
  /** Instead: an environment variable that holds it, which is no secret. */
  readonly token?: string;
  readonly topics: readonly string[];
  /** ISO 8601; empty: never. */
  readonly expires: string;
}

/** Those of a node's saved credentials; none if they are not valid. */
export function publicTokens(credentials: { readonly tokens?: unknown } | null | undefined): PublicToken[] {
  try {
    return parseTokens(credentials?.tokens).map(
      ({ name, token = "", sha256 = sha256Of(token), filters, expiresAt }) => ({
        name,
        ...(usesEnvironment(token) ? { token } : { sha256 }),
        topics: filters,
        expires: expiresAt === undefined ? "" : new Date(expiresAt).toISOString(),
      }),
    );
  } catch (error) {
    if (error instanceof AccessError) return [];
    throw error;
  }
}
