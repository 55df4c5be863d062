import { quote } from "../text/quote";
import { type Label, type Sentence, sentence } from "../text/sentence";
import { UserError } from "../text/user-error";

/** What is accepted for a property, as it stands after "must be". */
export type Accepted = string | Sentence;

/** Something is wrong with what a property of a node holds. The message is a sentence for the user. */
export abstract class PropertyError extends UserError {
  readonly code: string = "CONFIG_INVALID";
  /** Type of the node, if that is known: its dialog calls the property by a label. */
  nodeType: string | undefined;

  /** @param said its value `property` names the property */
  constructor(
    readonly property: string,
    said: Sentence,
  ) {
    super(said);
  }

  /** What the dialog calls the property, if that is known. */
  get label(): Label | string {
    return this.nodeType === undefined ? this.property : { label: `${this.nodeType}.label.${this.property}` };
  }

  override get said(): Sentence {
    return { ...this.sentence, values: { ...this.sentence.values, property: this.label } };
  }
}

/** A property holds a value that is not accepted. */
export class ConfigError extends PropertyError {
  constructor(property: string, value: unknown, accepted: Accepted) {
    super(property, sentence("config.must-be", { property, accepted, value: quote(value) }));
  }
}

/** A property asks for an environment variable that is not set. */
export class UnsetVariableError extends PropertyError {
  constructor(property: string, variable: string) {
    super(property, sentence("config.variable-not-set", { property, variable }));
  }
}
