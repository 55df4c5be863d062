import type { Translate } from "./sentence";
import { UserError } from "./user-error";

/**
 * What Node-RED is to be told of an error. It has no name, which Node-RED would put before the sentence. It is translated when
 * somebody reads it: of the errors of a flood of messages, hardly any is.
 */
export class TranslatedError extends Error {
  override readonly name = "";
  readonly code: string;
  readonly #original: UserError;
  readonly #translate: Translate;

  constructor(original: UserError, translate: Translate) {
    super(undefined, original.cause === undefined ? {} : { cause: original.cause });
    this.code = original.code;
    this.#original = original;
    this.#translate = translate;
  }

  override get message(): string {
    return this.#original.translated(this.#translate);
  }

  get original(): UserError {
    return this.#original;
  }
}

/** The error in the user's language. One that no user is meant to read stays as it is. */
export function translatedError(error: unknown, translate: Translate): Error {
  if (error instanceof UserError) return new TranslatedError(error, translate);
  return error instanceof Error ? error : new Error(String(error));
}
