import { usesEnvironment } from "../config/environment";
import type { UserError } from "../text/user-error";
import { AccessError } from "./errors";
import { isJwtAlgorithm } from "./jwt-algorithms";
import { readJwtKeys } from "./jwt-keys";

/** What Node-RED shows in place of a saved secret. */
const SAVED_SECRET = "__PWRD__";

/**
 * What is wrong with a key that was entered in the dialog; nothing if it would be accepted.
 * @param asked `{algorithm, key}`, of a request
 * @param saved the node's credentials, for a key that was not entered just now
 */
export function jwtKeyProblem(asked: unknown, saved: { readonly jwtKey?: unknown } | null): UserError | undefined {
  const { algorithm, key } = (asked ?? {}) as { readonly algorithm?: unknown; readonly key?: unknown };
  const known = key === SAVED_SECRET ? saved?.jwtKey : key;
  if (!isJwtAlgorithm(algorithm) || usesEnvironment(known)) return undefined;
  try {
    readJwtKeys(typeof known === "string" ? known : "", algorithm);
    return undefined;
  } catch (error) {
    if (error instanceof AccessError) return error;
    throw error;
  }
}
