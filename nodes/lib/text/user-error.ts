import { inEnglish, type Sentence, type Translate, translated } from "./sentence";

/**
 * Base of all errors that a user is meant to read. `message` is English; `translated` says it in the user's language.
 * Both are put together when somebody asks: of the errors that a flood of bad datagrams makes, hardly any is read.
 */
export abstract class UserError extends Error {
  /** For programs: in capitals, such as `CONFIG_INVALID`. */
  abstract readonly code: string;

  constructor(
    readonly sentence: Sentence,
    options?: ErrorOptions,
  ) {
    super(undefined, options);
    this.name = new.target.name;
  }

  override get message(): string {
    return inEnglish(this.sentence);
  }

  /** The sentence as a user is told it, in the words of the dialogs. */
  get said(): Sentence {
    return this.sentence;
  }

  translated(translate: Translate): string {
    return translated(this.said, translate);
  }
}
