import type { StatusLine } from "../node/status-line";
import type { Sentence } from "../text/sentence";
import type { UserError } from "../text/user-error";
import type { ReadingMessage, RejectedMessage, TopicChangeMessage } from "./reading-message";

/** What a node of Node-RED does for its input. */
export interface InputPort {
  reading(message: ReadingMessage): void;
  /** What is not a reading. */
  notice(message: RejectedMessage | TopicChangeMessage): void;
  status(status: StatusLine): void;
  error(error: UserError): void;
  /** Writes a line to the log. */
  warn(line: Sentence): void;
  /** Says something in the user's language. */
  say(sentence: Sentence): string;
}
