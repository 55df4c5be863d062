import type { Sentence } from "../text/sentence";

/** The topic whose readers may read the metrics of a server. Filters with a wildcard at the first level do not match it. */
const METRICS_TOPIC = "$metrics";
/** Of the name of a grant. */
export const MAX_NAME_CHARACTERS = 64;

/** What a client may read, and why. */
export interface Grant {
  /**
   * Stands for what the grant rests on: after a redeploy, whoever gave it can tell by the id whether it still holds. Says
   * nothing about the token and differs in every process.
   */
  readonly id: string;
  /** For status and events: the name of a listed token, the subject of a JSON Web Token. */
  readonly name: string;
  /** MQTT topic filters, at least one. */
  readonly filters: readonly string[];
  /** Milliseconds since the epoch; `undefined`: never. */
  readonly expiresAt: number | undefined;
}

/** Why a token gives no access. */
export interface Denial {
  /** 401: another token might do; 503: the same token might do later. */
  readonly status: 401 | 503;
  /** For whoever wrote the client. Never holds any part of the token. */
  readonly denied: Sentence;
  /** The token is one that was given out here, so that it need not be tried as any other kind of token. */
  readonly isKnown?: true;
}

export function mayReadMetrics({ filters }: Grant): boolean {
  return filters.includes(METRICS_TOPIC);
}

export function isDenial(verdict: Grant | Denial): verdict is Denial {
  return "denied" in verdict;
}
