import type { Translate } from "./sentence";
import { UserError } from "./user-error";

/**
 * What Node-RED is to be told of an error: its message in the user's language. It has no name, which Node-RED would put before
 * the sentence. Errors that no user is meant to read stay as they are.
 */
export function translatedError(error: unknown, translate: Translate): Error {
  if (!(error instanceof UserError)) return error instanceof Error ? error : new Error(String(error));
  const { code, cause } = error;
  const said = new Error(error.translated(translate), cause === undefined ? {} : { cause });
  return Object.assign(said, { name: "", code });
}
