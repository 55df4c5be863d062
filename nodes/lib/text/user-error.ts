import { inEnglish, type Sentence, type Translate, translated } from "./sentence";

/** Base of all errors that a user is meant to read. `message` is English; `translated` says it in the user's language. */
export abstract class UserError extends Error {
  /** For programs: in capitals, such as `CONFIG_INVALID`. */
  abstract readonly code: string;

  constructor(
    readonly sentence: Sentence,
    options?: ErrorOptions,
  ) {
    super(inEnglish(sentence), options);
    this.name = new.target.name;
  }

  translated(translate: Translate): string {
    return translated(this.sentence, translate);
  }
}
