import { sentence } from "../text/sentence";
import { UserError } from "../text/user-error";

/** A message could not be handed on. */
export class SendError extends UserError {
  readonly code = "SEND_FAILED";

  constructor(cause: unknown) {
    super(sentence("udp.send-failed", { reason: String(cause) }), { cause });
  }
}
